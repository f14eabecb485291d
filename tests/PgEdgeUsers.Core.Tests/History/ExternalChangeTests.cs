using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.History;

/// <summary>What other programs change between two changes of this program.</summary>
public sealed class ExternalChangeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ExternalChangeTests() => _folder.WriteUsers();

    private string HistoryPath => SidecarPath.History(_folder.File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_change_reports_no_external_changes() => Assert.Empty(Change(Changes.Note()));

    [Fact]
    public void Own_changes_of_each_kind_are_not_reported_as_external()
    {
        foreach (var change in Changes.OfEachKind.Append(new RenameUser(Sample.Name(2), "dora")))
            Assert.Empty(Change(change));
        Assert.Empty(Change(new PurgeUser("dora")));
        Assert.Empty(Change(Changes.Note("the last one")));
    }

    [Fact]
    public void Every_external_difference_of_an_account_is_reported_once()
    {
        Change(Changes.Note());
        ChangeElsewhere(
            Changes.Add("mallory"),
            Changes.Remove(3),
            new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash, Annotation = "b" }),
            new UpdateUser(Sample.Name(2), a => a with { Enabled = !a.Enabled }));
        var status = new UserFile(_folder.File).Read().Find(Sample.Name(2))!.Enabled ? "enabled" : "disabled";

        ExternalChange[] expected =
        [
            new("mallory", "added"),
            new(Sample.Name(1), "password replaced, annotation changed"),
            new(Sample.Name(2), status),
            new(Sample.Name(3), "removed"),
        ];
        Assert.Equal(expected, Change(Changes.Note("c")).OrderBy(change => change.Username, NameOrder.Comparer));
        Assert.Empty(Change(Changes.Note("d")));
    }

    [Fact]
    public void An_account_that_is_changed_at_the_same_time_is_reported_too()
    {
        Change(Changes.Note());
        ChangeElsewhere(new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash }));

        Assert.Equal([new(Sample.Name(1), "password replaced")], Change(new RemoveUser(Sample.Name(1))));
    }

    [Fact]
    public void Sign_ins_and_lockouts_are_not_reported_as_external_changes()
    {
        Change(Changes.Enable(1), Changes.Enable());
        ChangeElsewhere(
            new UpdateUser(Sample.Name(1), a => a with { LastLogin = DateTime.UtcNow, FailedAttempts = 3 }),
            new UpdateUser(Sample.Name(2), a => a with { Enabled = false, FailedAttempts = 5 }));

        Assert.Empty(Change(Changes.Note("b")));
    }

    [Fact]
    public void A_change_without_earlier_states_is_known_as_a_change_of_this_program()
    {
        var withoutStates = new HistoryWriter { KeepsStates = false };
        Change([Changes.Note()], withoutStates);
        Assert.False(File.Exists(HistoryPath));

        Change(Changes.Note("a"));
        Change([Changes.Note("b"), Changes.Remove()], withoutStates);

        Assert.Single(UserHistory.Read(new UserFile(_folder.File)).Records);
        Assert.Empty(Change(Changes.Note("c")));
    }

    [Fact]
    public void An_external_change_that_is_not_reported_is_reported_by_the_next_change()
    {
        Change(Changes.Note());
        ChangeElsewhere(
            Changes.Add("mallory"), new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash }));

        Assert.Empty(
            Change([Changes.Note("b"), Changes.Remove()], new HistoryWriter { ReportsExternalChanges = false }));

        Assert.Equal(
            [new("mallory", "added"), new(Sample.Name(1), "password replaced, annotation changed")],
            Change(Changes.Note("c")).OrderBy(change => change.Username, NameOrder.Comparer));
    }

    [Fact]
    public void A_kill_between_the_record_and_the_replacement_is_not_reported_as_an_external_change()
    {
        Change(Changes.Note("a"));
        var users = File.ReadAllBytes(_folder.File);
        Change(Changes.Note("b"), Changes.Remove());
        var recorded = File.ReadAllLines(HistoryPath)[..^1];

        // Before the replacement, and after it.
        var written = File.ReadAllBytes(_folder.File);
        foreach (var content in new[] { users, written })
        {
            File.WriteAllBytes(_folder.File, content);
            File.WriteAllLines(HistoryPath, recorded);
            Assert.Empty(Change(Changes.Note("c")));
            Assert.Empty(Change(Changes.Note("d")));
        }
    }

    [Fact]
    public void After_damage_nothing_is_reported_until_the_accounts_are_known_again()
    {
        Change(Changes.Note("a"));
        File.AppendAllText(HistoryPath, "{\"written\":{\"al");
        ChangeElsewhere(Changes.Add("mallory"));
        Assert.Empty(Change(Changes.Note("b")));

        ChangeElsewhere(Changes.Remove());
        Assert.Equal([new(Sample.Name(3), "removed")], Change(Changes.Note("c")));
    }

    [Fact]
    public void Known_accounts_survive_the_trimming_of_old_records()
    {
        Change(Changes.Note("a"));
        var year = DateTime.UtcNow.Year;
        File.WriteAllText(HistoryPath, File.ReadAllText(HistoryPath).Replace(
            $"\"time\":\"{year}", $"\"time\":\"{year - 1}", StringComparison.Ordinal));
        Change(Changes.Note("b"));
        Assert.Single(UserHistory.Read(new UserFile(_folder.File)).Records);
        ChangeElsewhere(Changes.Remove());

        Assert.Equal([new(Sample.Name(3), "removed")], Change(Changes.Note("c")));
    }

    [Fact]
    public void A_change_that_is_not_made_reports_nothing_and_loses_nothing()
    {
        Change(Changes.Note("a"));
        ChangeElsewhere(Changes.Remove());

        Assert.Empty(Change(Changes.Note("a")));
        Assert.Single(Change(Changes.Note("b")));
    }

    private IReadOnlyList<ExternalChange> Change(params UserChange[] changes) => Change(changes, new HistoryWriter());

    private IReadOnlyList<ExternalChange> Change(UserChange[] changes, HistoryWriter history) =>
        new UserFile(_folder.File) { History = history }.Update(changes).ExternalChanges;

    private void ChangeElsewhere(params UserChange[] changes) => new UserFile(_folder.File).Update(changes);
}
