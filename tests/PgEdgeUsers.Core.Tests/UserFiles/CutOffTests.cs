using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// The server truncates its file and rewrites it in place, so a reader can find any prefix of it. No prefix may be
/// taken for a file in which a user lacks fields. (The text cannot show that whole users are missing.)
/// </summary>
public sealed class CutOffTests
{
    public static TheoryData<string> GoodFiles =>
        ["server-written.yaml", .. Interop.LoaderVectors().Where(v => v.Class == "must-read").Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(GoodFiles))]
    public void Every_prefix_of_a_file_is_refused_or_has_each_user_that_it_names_complete(string name)
    {
        var bytes = name == "server-written.yaml"
            ? Interop.Bytes(name)
            : Interop.LoaderVectors().Single(v => v.Name == name).Yaml;
        var whole = Store.Read(bytes);

        for (var length = 0; length < bytes.Length; length++)
        {
            if (Store.TryRead(bytes[..length]) is { } beginning)
                Assert.All(beginning.Users(), user => Assert.Equal(whole.Find(user.Name)?.Account, user));
        }
    }

    [Theory]
    [InlineData("failed_attempts: 1", false)]
    [InlineData("failed_attempts: 12", false)]
    [InlineData("failed_attempts: +1", false)]
    [InlineData("failed_attempts: 0", true)]
    [InlineData("failed_attempts: 12\n", true)]
    [InlineData("failed_attempts: 12 ", true)]
    [InlineData("failed_attempts: 12 # of many", true)]
    [InlineData("failed_attempts:", false)]
    [InlineData("failed_attempts: ", false)]
    [InlineData("failed_attempts: # none", false)]
    [InlineData("failed_attempts:\n", true)]
    [InlineData("failed_attempts: null", true)]
    [InlineData("failed_attempts: 1\n        role: adm", true)]
    public void A_last_user_is_read_when_the_text_shows_that_it_is_complete(string lastLine, bool isWhole)
    {
        var text = Sample.Alice.Replace("failed_attempts: 0\n", lastLine, StringComparison.Ordinal);

        Assert.Equal(isWhole, Store.TryRead(DocumentText.Encode(text)) is not null);
    }

    [Fact]
    public void A_count_at_the_end_of_a_text_without_a_line_break_can_be_set()
    {
        var edited = Store.Change(
            Sample.Alice.TrimEnd('\n'), new UpdateUser("alice", user => user with { FailedAttempts = 3 }));

        Assert.Equal(Sample.Alice.Replace("attempts: 0", "attempts: 3", StringComparison.Ordinal), edited);
    }

    [Fact]
    public void A_user_that_is_not_the_last_may_lack_failed_attempts()
    {
        var text = Sample.Alice.Replace("        failed_attempts: 0\n", "", StringComparison.Ordinal)
            + Sample.Alice["users:\n".Length..].Replace("alice", "bob", StringComparison.Ordinal);

        Assert.Equal(0, Store.Read(text).Find("alice")!.Account.FailedAttempts);
    }
}
