using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.History;

public sealed class UserHistoryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string HistoryPath => SidecarPath.History(_folder.File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_change_of_each_kind_is_recorded_with_the_state_before_and_after()
    {
        var before = new UserFile(_folder.WriteUsers()).Read();

        var update = Change([.. Changes.OfEachKind], "Ticket 4711");

        var records = Read().Records;
        Assert.Equal(update.Results.Select(result => result.Before), records.Select(record => record.Before));
        Assert.Equal(update.Results.Select(result => result.Account), records.Select(record => record.After));
        Assert.Equal(
            [HistoryEvent.Added, HistoryEvent.Changed, HistoryEvent.Changed, HistoryEvent.Changed,
                HistoryEvent.Removed],
            records.Select(record => record.Event));
        Assert.Single(records.Select(record => record.Transaction).Distinct());
        Assert.All(records, record => Assert.Equal("Ticket 4711", record.Reason));
        Assert.Equal(before.Find(Sample.Name(3)), records[^1].Before);
    }

    [Fact]
    public void The_history_file_has_mode_0600()
    {
        _folder.WriteUsers();
        Change([Changes.Note()]);

        Assert.Equal("0600", FileStatus.Of(HistoryPath)!.ModeText);
    }

    [Fact]
    public void A_change_that_changes_nothing_or_fails_is_not_recorded()
    {
        _folder.WriteUsers();
        Change([Changes.Note(""), Changes.Remove(9)]);

        Assert.False(File.Exists(HistoryPath));
    }

    [Fact]
    public void A_change_that_could_not_be_written_is_taken_back()
    {
        _folder.WriteUsers();
        Change([Changes.Note()]);
        var before = File.ReadAllText(HistoryPath);
        var file = new UserFile(_folder.File)
        {
            History = new HistoryWriter(),
            Writer = new HookedWriter((step, _) =>
            {
                if (step == SaveStep.Rename)
                    throw new IOException("The disk is full.");
            }),
        };

        Assert.Equal(
            FailureKind.UserFileWriteFailed,
            Assert.Throws<PgEdgeUsersException>(() => file.Update([Changes.Remove()])).Kind);

        Assert.Equal(before, File.ReadAllText(HistoryPath));
    }

    [Fact]
    public void Nothing_is_changed_if_the_history_cannot_be_written()
    {
        var text = File.ReadAllText(_folder.WriteUsers());
        Directory.CreateDirectory(HistoryPath);

        var failure = Assert.Throws<PgEdgeUsersException>(() => Change([Changes.Remove()]));

        Assert.Equal(FailureKind.HistoryFailed, failure.Kind);
        Assert.Contains(HistoryPath, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_folder.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{\"time\":\"soon\"}")]
    [InlineData("{\"password\":\"xyz\",\"time\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"password\":null}")]
    public void A_damaged_line_costs_that_line_only(string damaged)
    {
        _folder.WriteUsers();
        Change([Changes.Note("one")]);
        Change([Changes.Note("two")]);
        Change([Changes.Note("three")]);
        var lines = File.ReadAllLines(HistoryPath);
        lines[Array.FindIndex(lines, line => line.Contains("two", StringComparison.Ordinal))] = damaged;
        File.WriteAllLines(HistoryPath, lines);

        Assert.Equal(["one", "three"], Read().Records.Select(record => record.After!.Annotation));
    }

    [Fact]
    public void A_torn_last_line_does_not_spoil_the_next()
    {
        _folder.WriteUsers();
        Change([Changes.Note("one")]);
        Change([Changes.Note("two")]);
        var text = File.ReadAllText(HistoryPath);
        File.WriteAllText(HistoryPath, text[..(text.IndexOf("two", StringComparison.Ordinal) + 3)]);

        Change([Changes.Note("three")]);

        Assert.Equal(["one", "three"], Read().Records.Select(record => record.After!.Annotation));
    }

    [Fact]
    public void Password_times_are_those_of_the_current_hash_only()
    {
        _folder.WriteUsers();
        Change([new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash })]);

        var (history, users) = (Read(), new UserFile(_folder.File).Read());
        Assert.Equal(history.Records[0].Time, history.PasswordLastSet(users.Find(Sample.Name(1))!));
        Assert.Null(history.PasswordLastSet(users.Find(Sample.Name(2))!));

        new UserFile(_folder.File).Update(
            [new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash.Replace('O', 'P') })]);
        Assert.Null(Read().PasswordLastSet(new UserFile(_folder.File).Read().Find(Sample.Name(1))!));
    }

    [Fact]
    public void Old_transactions_are_dropped_as_a_whole_and_password_times_stay()
    {
        _folder.WriteUsers();
        Change([new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash }), Changes.Disable()]);
        var time = Read().Records[0].Time;
        var old = File.ReadAllText(HistoryPath).Replace(
            $"\"time\":\"{time.Year}", $"\"time\":\"{time.Year - 1}", StringComparison.Ordinal);
        File.WriteAllText(HistoryPath, old);

        Change([Changes.Note()]);

        var history = Read();
        Assert.Equal(["a note"], history.Records.Select(record => record.After!.Annotation));
        Assert.Equal(
            time.AddYears(-1), history.PasswordLastSet(new UserFile(_folder.File).Read().Find(Sample.Name(1))!));
        var last = File.ReadLines(HistoryPath).Skip(1);
        Assert.All(last, line => Assert.DoesNotContain(Sample.OtherHash[^10..], line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_transactions_that_are_left_after_trimming_keep_their_order()
    {
        _folder.WriteUsers();
        Change([Changes.Note("one")], "Ticket 1");
        Change([Changes.Note("two")]);
        Change([Changes.Note("three"), Changes.Disable()]);
        MakeOlder("Ticket 1");

        Change([Changes.Note("four")]);

        Assert.Equal(["two", "three", "", "four"], Read().Records.Select(record => record.After!.Annotation));
        Assert.Equal(3, Read().Records.Select(record => record.Transaction).Distinct().Count());
        RequireExternalChangesAreNoticed();
    }

    [Fact]
    public void A_purge_keeps_what_is_known_about_other_users()
    {
        _folder.WriteUsers();
        Change([new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash })]);
        MakeOlder(Sample.Name(1));
        Change([Changes.Add()]);
        var time = PasswordLastSet();

        Change([new PurgeUser("zoe")]);

        Assert.NotNull(time);
        Assert.Equal(time, PasswordLastSet());
        RequireExternalChangesAreNoticed();

        DateTime? PasswordLastSet() =>
            Read().PasswordLastSet(new UserFile(_folder.File).Read().Find(Sample.Name(1))!);
    }

    [Fact]
    public void The_newest_transaction_is_kept_however_large_it_is()
    {
        _folder.Write(Sample.Text(30_000));
        Change([Changes.Note()]);
        Change([.. Enumerable.Range(1, 30_000).Select(user => new RemoveUser(Sample.Name(user)))]);

        Assert.True(new FileInfo(HistoryPath).Length > 10 * 1024 * 1024);
        Assert.Equal(30_000, Read().Records.Count);

        Change([Changes.Add()]);
        Assert.Equal(HistoryEvent.Added, Assert.Single(Read().Records).Event);
    }

    [Fact]
    public void A_purge_removes_the_user_from_file_and_history()
    {
        _folder.WriteUsers();
        Change([Changes.Note(), Changes.Disable()]);
        // Left next to the history by a purge that was killed.
        File.WriteAllText(_folder[".users.yaml.history.jsonl.0123456789ab.tmp"], "");

        Change([new PurgeUser(Sample.Name(1))]);

        Assert.Equal(["users.yaml", "users.yaml.history.jsonl"], _folder.Names);
        Assert.Null(new UserFile(_folder.File).Read().Find(Sample.Name(1)));
        Assert.Equal([Sample.Name(2)], Read().Records.Select(record => record.Username));
        Assert.DoesNotContain(Sample.Name(1), File.ReadAllText(HistoryPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_purge_of_a_renamed_user_removes_what_is_recorded_under_its_earlier_names()
    {
        _folder.WriteUsers();
        var name = Sample.Name(1);
        Change([new RemoveUser(name)]);
        Change([Changes.Add(name)]);
        Change([new RenameUser(name, "x")]);
        Change([new RenameUser("x", "y")]);
        Change([Changes.Add(name)]);

        Change([new PurgeUser("y")]);

        // Records of the user who had the name before, and of the one who has it now.
        Assert.Equal([HistoryEvent.Removed, HistoryEvent.Added], Read().Records.Select(record => record.Event));
        Assert.All(Read().Records, record => Assert.Equal(name, record.Username));
    }

    [Fact]
    public void The_history_says_from_when_on_it_is_complete()
    {
        _folder.WriteUsers();
        Change([Changes.Note("one")]);
        Assert.Null(Read().Since);
        File.WriteAllText(HistoryPath, File.ReadAllText(HistoryPath).Replace(
            $"\"time\":\"{DateTime.UtcNow.Year}", $"\"time\":\"{DateTime.UtcNow.Year - 1}", StringComparison.Ordinal));

        Change([Changes.Note("two")]);
        Change([Changes.Note("three")]);

        Assert.Equal(Read().Records[0].Time, Read().Since);
        Assert.Equal(["two", "three"], Read().Records.Select(record => record.After!.Annotation));
    }

    /// <summary>Moves the lines that contain a text to the previous year.</summary>
    private void MakeOlder(string text)
    {
        var year = DateTime.UtcNow.Year;
        File.WriteAllLines(HistoryPath, File.ReadAllLines(HistoryPath).Select(
            line => line.Contains(text, StringComparison.Ordinal)
                ? line.Replace($"\"time\":\"{year}", $"\"time\":\"{year - 1}", StringComparison.Ordinal)
                : line));
    }

    private void RequireExternalChangesAreNoticed()
    {
        new UserFile(_folder.File).Update([Changes.Remove()]);

        Assert.Equal(Sample.Name(3), Assert.Single(Change([Changes.Note("last")]).ExternalChanges).Username);
    }

    private UserFileUpdate Change(UserChange[] changes, string reason = "") =>
        new UserFile(_folder.File) { History = new HistoryWriter { Reason = reason } }.Update(changes);

    private UserHistory Read() => UserHistory.Read(new UserFile(_folder.File));
}
