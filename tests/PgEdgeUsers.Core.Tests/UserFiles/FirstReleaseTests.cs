using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Files of the server's first release (v1.0.0-alpha1), which writes no <c>failed_attempts</c>.</summary>
public sealed class FirstReleaseTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static readonly string One = OfFirstRelease(Sample.Alice);
    private static readonly string Three = One + User("bob") + User("carol");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_in_which_no_user_has_failed_attempts_is_read()
    {
        var document = Store.Read(Three);

        Assert.Equal(["alice", "bob", "carol"], document.Users().Select(user => user.Name));
        Assert.All(document.Users(),
        user => Assert.Equal((0, true, Sample.Hash), (user.FailedAttempts, user.Enabled, user.PasswordHash)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_first_release_file_is_not_certainly_whole(bool isFirstRelease) =>
        Assert.Equal(!isFirstRelease, Store.Read(isFirstRelease ? Three : Sample.Alice).IsCertainlyComplete);

    [Fact]
    public void A_first_release_file_in_flow_style_or_with_another_key_after_it_is_certainly_whole()
    {
        Assert.True(Store.Read("users: {alice: {enabled: true}}\n").IsCertainlyComplete);
        Assert.True(Store.Read(Three + "other: 1\n").IsCertainlyComplete);
    }

    [Fact]
    public void A_file_without_users_is_certainly_whole_only_if_it_says_so()
    {
        Assert.True(Store.Read("users: {}\n").IsCertainlyComplete);
        Assert.False(Store.Read("users:\n").IsCertainlyComplete);
        Assert.False(Store.Read("# c\n").IsCertainlyComplete);
    }

    [Fact]
    public void Every_prefix_of_a_first_release_file_is_refused_or_has_each_user_that_it_names_complete()
    {
        var whole = Store.Read(Three);
        var read = new HashSet<string>();
        for (var length = 0; length < Three.Length; length++)
        {
            if (Store.TryRead(DocumentText.Encode(Three[..length])) is not { Entries.Count: > 0 } beginning)
                continue;
            Assert.All(beginning.Users(), user => Assert.Equal(whole.Find(user.Name)!.Account, user));
            read.Add(beginning.Text.TrimEnd());
        }

        Assert.Equal([One.TrimEnd(), (One + User("bob")).TrimEnd()], read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_prefix_of_a_newer_file_is_refused_or_not_certainly_whole_or_has_its_users_complete()
    {
        var text = Sample.Alice.Replace("attempts: 0", "attempts: 3", StringComparison.Ordinal);
        var whole = Store.Read(text).Users();

        for (var length = 0; length < text.Length; length++)
        {
            if (Store.TryRead(DocumentText.Encode(text[..length])) is { IsCertainlyComplete: true,
                Entries.Count: > 0 } beginning)
            {
                Assert.Equal(whole, beginning.Users());
            }
        }
    }

    [Theory]
    [InlineData("annotation: note")]
    [InlineData("annotation: |-\n            two\n            lines\n")]
    [InlineData("")]
    public void A_first_release_file_looks_cut_off_if_its_last_value_is_missing_or_could_continue(string lastLine)
    {
        var text = One.Replace("annotation: note\n", lastLine, StringComparison.Ordinal);

        Assert.Contains("appears to be truncated", Assert.Throws<DocumentException>(() => Store.Read(text)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_user_without_failed_attempts_looks_cut_off_if_another_user_has_it()
    {
        var complete = Sample.Alice["users:\n".Length..].Replace("alice", "bob", StringComparison.Ordinal);

        Assert.Throws<DocumentException>(() => Store.Read(Sample.Alice + User("carol")));
        Assert.Throws<DocumentException>(() => Store.Read(Sample.Alice + complete + User("carol")));
    }

    [Fact]
    public void An_edit_of_other_fields_adds_failed_attempts_to_no_user() => Assert.Equal(
        Three.Replace(
            "        annotation: note\n    bob", "        annotation: new\n    bob", StringComparison.Ordinal),
        Store.Change(Three, Store.Annotate("alice", "new")));

    [Fact]
    public void A_count_is_written_for_its_user_and_for_the_last()
    {
        var edited = Store.Change(Three, new UpdateUser("alice", user => user with { FailedAttempts = 2 }));

        Assert.Equal(
            Three.Replace("alice:\n", "alice:\n        failed_attempts: 2\n", StringComparison.Ordinal)
                .Replace("carol:\n", "carol:\n        failed_attempts: 0\n", StringComparison.Ordinal),
            edited);
    }

    [Fact]
    public void A_count_of_the_last_user_is_written_for_no_other_user() => Assert.Equal(
        Three.Replace("carol:\n", "carol:\n        failed_attempts: 2\n", StringComparison.Ordinal),
        Store.Change(Three, new UpdateUser("carol", user => user with { FailedAttempts = 2 })));

    [Fact]
    public void Users_are_removed_without_adding_failed_attempts_to_the_others()
    {
        Assert.Equal(One + User("bob"), Store.Change(Three, new RemoveUser("carol")));
        Assert.Equal("users: {}\n", Store.Change(One, new RemoveUser("alice")));
    }

    [Fact]
    public void The_last_of_those_without_failed_attempts_gets_it_when_a_newer_user_after_it_is_removed()
    {
        var mixed = Store.Change(
            Three, new AddUser(Sample.Account("dora")),
            new UpdateUser("alice", user => user with { FailedAttempts = 1 }));

        Assert.Equal(
            Store.Change(Three, new UpdateUser("alice", user => user with { FailedAttempts = 1 })),
            Store.Change(mixed, new RemoveUser("dora")));
    }

    [Fact]
    public void A_user_is_added_with_all_fields()
    {
        var edited = Store.Change(Three, new AddUser(Sample.Account("dora")));

        Assert.StartsWith(Three, edited, StringComparison.Ordinal);
        Assert.Equal([.. Store.Read(Three).Users(), Sample.Account("dora")], Store.Read(edited).Users());
        Assert.Equal(Three, Store.Change(edited, new RemoveUser("dora")));
    }

    [Fact]
    public void A_first_release_file_is_trusted_once_it_is_at_rest()
    {
        var path = _folder.Write(Three);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);

        Assert.Equal(3, new UserFile(path).Read().Users.Count);

        Assert.True(DateTime.UtcNow - File.GetLastWriteTimeUtc(path) >= StableReader.RewriteTime);
    }

    [Fact]
    public void A_first_release_file_at_rest_is_edited_and_repaired()
    {
        var path = _folder.Write(Three);

        new UserFile(path).Update([Store.Annotate("bob", "new")]);
        Assert.Equal(["note", "new", "note"], new UserFile(path).Read().Users.Select(user => user.Annotation));

        UserFileRepair.Repair(new UserFileLocation(path, "test"));
        Assert.Equal(3, File.ReadAllText(path).Split("        failed_attempts: 0\n").Length - 1);
    }

    private static string OfFirstRelease(string text) =>
        text.Replace("        failed_attempts: 0\n", "", StringComparison.Ordinal);

    private static string User(string name) =>
        One["users:\n".Length..].Replace("alice", name, StringComparison.Ordinal);
}
