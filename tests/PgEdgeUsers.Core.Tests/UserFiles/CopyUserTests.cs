using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

public sealed class CopyUserTests : IDisposable
{
    private static readonly UserAccount Alice = new("alice")
    {
        DisplayName = "Alice",
        PasswordHash = Sample.OtherHash,
        CreatedAt = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        LastLogin = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Annotation = new string('x', 2000),
        FailedAttempts = 7,
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alice")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("a b")]
    public void An_account_is_copied_field_by_field_whatever_its_name_and_annotation_are(string name)
    {
        var account = Alice with { Name = name };

        var text = Store.Change("users: {}\n", new CopyUser(account, "source"));

        Assert.Equal(account, Assert.Single(Store.Read(text).Users()));
    }

    [Theory]
    [InlineData("alice", NameConflict.Refuse, FailureKind.UserExists, true)]
    [InlineData("alice", NameConflict.Skip, null, false)]
    [InlineData("ALICE", NameConflict.Refuse, FailureKind.UserExists, false)]
    [InlineData("ALICE", NameConflict.Skip, null, false)]
    [InlineData("ALICE", NameConflict.Overwrite, FailureKind.UserExists, false)]
    public void A_taken_name_changes_nothing_unless_exactly_that_user_is_to_be_overwritten(
        string name, NameConflict onConflict, FailureKind? kind, bool isOverwritable)
    {
        var document = Store.Read(Sample.Alice);

        var (edited, results) = ChangeSet.Apply(
            document, [new CopyUser(Alice with { Name = name }, "source", onConflict)]);

        Assert.Same(document, edited);
        Assert.Equal(kind, results[0].Failure?.Kind);
        Assert.Equal(isOverwritable, results[0].Failure?.IsOverwritable ?? false);
    }

    [Fact]
    public void An_account_that_is_overwritten_has_every_field_of_the_copy()
    {
        var (edited, results) = ChangeSet.Apply(
            Store.Read(Sample.Alice), [new CopyUser(Alice, "source", NameConflict.Overwrite)]);

        Assert.Equal(Alice, Assert.Single(edited.Users()));
        Assert.Equal(Store.Read(Sample.Alice).Users().Single(), results[0].Before);
    }

    [Fact]
    public void An_exact_name_is_overwritten_although_a_similar_one_comes_first()
    {
        var text = Sample.Alice + "    Alice: {}\n";

        var edited = Store.Change(text, new CopyUser(Alice with { Name = "Alice" }, "source", NameConflict.Overwrite));

        Assert.Equal(Alice with { Name = "Alice" }, Store.Read(edited).Find("Alice")!.Account);
        Assert.StartsWith(Sample.Alice, edited, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copied_password_keeps_the_time_at_which_it_was_set_also_if_that_is_not_known()
    {
        var time = new DateTime(2025, 6, 7, 8, 9, 10, DateTimeKind.Utc);
        Change(
            Copy(Sample.Account("known"), time),
            Copy(Sample.Account("unknown") with { PasswordHash = Sample.OtherHash }, time: null));

        Assert.Equal([time, null], PasswordTimes());

        // Trimming keeps both, too.
        var history = SidecarPath.History(_folder.File);
        var year = DateTime.UtcNow.Year;
        File.WriteAllText(history, File.ReadAllText(history).Replace(
            $"{{\"time\":\"{year}", $"{{\"time\":\"{year - 1}", StringComparison.Ordinal));
        Change(new UpdateUser("known", account => account with { Annotation = "x" }));

        Assert.Single(Read().Records);
        Assert.Equal([time, null], PasswordTimes());
    }

    [Fact]
    public void A_copied_password_that_the_user_has_already_keeps_the_time_that_is_known_here()
    {
        Change(Changes.Add("zoe"));
        var account = new UserFile(_folder.File).Read().Find("zoe")!;
        var time = Read().PasswordLastSet(account);

        Change(Copy(account with { Annotation = "x" }, time: null, NameConflict.Overwrite));

        Assert.Equal(time, Read().PasswordLastSet(account));
        Assert.NotNull(time);
    }

    private static CopyUser Copy(
        UserAccount account, DateTime? time, NameConflict onConflict = NameConflict.Refuse) =>
        new(account, "source", onConflict) { CopiedPassword = new CopiedPassword(time) };

    private IEnumerable<DateTime?> PasswordTimes()
    {
        var history = Read();
        return new UserFile(_folder.File).Read().Users.Select(history.PasswordLastSet);
    }

    private void Change(params UserChange[] changes) => Assert.All(
        new UserFile(_folder.File) { History = new HistoryWriter() }.Update(changes).Results,
        result => Assert.Null(result.Failure));

    private UserHistory Read() => UserHistory.Read(new UserFile(_folder.File));
}
