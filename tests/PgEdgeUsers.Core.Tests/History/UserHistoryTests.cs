using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
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
            [HistoryEvent.Added, HistoryEvent.Changed, HistoryEvent.Changed, HistoryEvent.Changed, HistoryEvent.Removed],
            records.Select(record => record.Event));
        Assert.Single(records.Select(record => record.Transaction).Distinct());
        Assert.All(records, record => Assert.Equal("Ticket 4711", record.Reason));
        Assert.Equal(before.Find(Sample.Name(3)), records[^1].Before);
    }

    [Fact]
    public void The_file_has_mode_0600()
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
        // What a purge that was killed left next to the history.
        File.WriteAllText(_folder[".users.yaml.history.jsonl.0123456789ab.tmp"], "");

        Change([new PurgeUser(Sample.Name(1))]);

        Assert.Equal(["users.yaml", "users.yaml.history.jsonl"], _folder.Names);
        Assert.Null(new UserFile(_folder.File).Read().Find(Sample.Name(1)));
        Assert.Equal([Sample.Name(2)], Read().Records.Select(record => record.Username));
        Assert.DoesNotContain(Sample.Name(1), File.ReadAllText(HistoryPath), StringComparison.Ordinal);
    }

    [Property(MaxTest = 30, QuietOnSuccess = true)]
    public Property Any_sequence_of_changes_can_be_undone_to_any_of_its_states() =>
        Prop.ForAll(Gen.ArrayOf(Step, 6).ToArbitrary(), steps =>
        {
            using var folder = new TestFolder();
            folder.WriteUsers();
            var states = new List<(DateTime Time, Dictionary<string, UserAccount> Users)>();
            foreach (var step in steps)
            {
                states.Add((Now(), Users(folder.File)));
                Change(folder.File, step(Users(folder.File)), new HistoryWriter());
            }

            foreach (var (time, users) in Enumerable.Reverse(states))
            {
                var current = new UserFile(folder.File);
                var plan = RestorePlan.At(time, UserHistory.Read(current), current.Read());
                var changes = plan.Steps.Select(step => step.ToChange(includesPassword: true)).ToArray();
                var results = Change(folder.File, changes, new HistoryWriter { IsRestore = true }).Results;
                var now = Users(folder.File);

                // A user cannot come back under a name that another has.
                var refused = plan.Steps.Zip(results).Where(pair => pair.Second.Failure is not null)
                    .Select(pair => pair.First.Username)
                    .ToHashSet();
                if (refused.Count > 0)
                    Assert.Contains(refused, plan.AddedSince.Contains);
                foreach (var (name, account) in users.Where(user => !refused.Contains(user.Key)))
                    Assert.Equal(account, now[name]);
                if (refused.Count == 0)
                    Assert.Equal(now.Keys.Except(users.Keys).Order(), plan.AddedSince.Order());
            }
        });

    [Fact]
    public void Removed_users_come_back_field_by_field_whatever_their_names_are()
    {
        _folder.Write(Sample.Text(3).Replace(Sample.Name(2), "\"*\"", StringComparison.Ordinal));
        var before = Users(_folder.File);
        Change([.. before.Keys.Select(name => new RemoveUser(name))]);
        Assert.Empty(Users(_folder.File));

        var plan = RestorePlan.OfRemoved(Read(), new UserFile(_folder.File).Read());
        Change([.. plan.Steps.Select(step => step.ToChange(includesPassword: true))]);

        Assert.Equal(before, Users(_folder.File));
    }

    [Fact]
    public void Changes_made_after_the_clock_was_set_back_are_undone_too()
    {
        _folder.WriteUsers();
        var time = Now();
        Change([Changes.Note("one")]);
        Change([Changes.Note("two")]);
        var lines = File.ReadAllLines(HistoryPath);
        var last = Array.FindIndex(lines, line => line.Contains("two", StringComparison.Ordinal));
        lines[last] = lines[last].Replace(
            $"\"time\":\"{time.Year}", $"\"time\":\"{time.Year - 1}", StringComparison.Ordinal);
        File.WriteAllLines(HistoryPath, lines);

        var step = Assert.Single(RestorePlan.At(time, Read(), new UserFile(_folder.File).Read()).Steps);

        Assert.Equal("", step.Earlier.Annotation);
    }

    [Fact]
    public void Returning_to_an_earlier_state_keeps_newer_sign_ins_and_the_password()
    {
        _folder.WriteUsers();
        var time = Now();
        Change([Changes.Note(), new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash })]);
        var signIn = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        new UserFile(_folder.File).Update(
            [new UpdateUser(Sample.Name(1), a => a with { LastLogin = signIn, FailedAttempts = 2 })]);

        var step = Assert.Single(RestorePlan.At(time, Read(), new UserFile(_folder.File).Read()).Steps);
        Change([step.ToChange(includesPassword: false)]);

        var user = Users(_folder.File)[Sample.Name(1)];
        Assert.Equal(("", signIn, 2, Sample.OtherHash), (user.Annotation, user.LastLogin, user.FailedAttempts, user.PasswordHash));
    }

    [Fact]
    public void Renamed_users_get_their_earlier_names_back_in_any_order_of_the_names()
    {
        _folder.WriteUsers();
        var (before, time) = (Users(_folder.File), Now());
        Change([
            new RenameUser(Sample.Name(3), "x"),
            new RenameUser(Sample.Name(2), Sample.Name(3)),
            new RenameUser(Sample.Name(1), Sample.Name(2)),
            new RenameUser("x", Sample.Name(1) + "-b"),
        ]);

        var plan = RestorePlan.At(time, Read(), new UserFile(_folder.File).Read());
        var update = Change([.. plan.Steps.Select(step => step.ToChange(includesPassword: false))]);

        Assert.All(update.Results, result => Assert.Null(result.Failure));
        Assert.Equal(before, Users(_folder.File));
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

    private static Gen<Func<Dictionary<string, UserAccount>, UserChange>> Step { get; } =
        from kind in Gen.Choose(0, 4)
        from number in Gen.Choose(1, 4)
        from other in Gen.Choose(1, 4)
        from note in Gen.Elements("", "a", "b")
        select new Func<Dictionary<string, UserAccount>, UserChange>(users => (kind, users.ContainsKey(Sample.Name(number))) switch
        {
            (0, true) => new RemoveUser(Sample.Name(number)),
            (_, false) => new AddUser(Sample.Account(Sample.Name(number)) with { Annotation = note }),
            (4, _) when !users.ContainsKey(Sample.Name(other)) => new RenameUser(Sample.Name(number), Sample.Name(other)),
            (1, _) => new UpdateUser(Sample.Name(number), a => a with { Enabled = !a.Enabled }),
            _ => new UpdateUser(Sample.Name(number), a => a with { Annotation = note }),
        });

    private static Dictionary<string, UserAccount> Users(string path) =>
        new UserFile(path).Read().Users.ToDictionary(user => user.Name, StringComparer.Ordinal);

    /// <summary>A time that differs from that of every record before and after.</summary>
    private static DateTime Now()
    {
        var time = DateTime.UtcNow;
        SpinWait.SpinUntil(() => DateTime.UtcNow > time);
        time = DateTime.UtcNow;
        SpinWait.SpinUntil(() => DateTime.UtcNow > time);
        return time;
    }

    private static UserFileUpdate Change(string path, UserChange change, HistoryWriter history) =>
        Change(path, [change], history);

    private static UserFileUpdate Change(string path, UserChange[] changes, HistoryWriter history) =>
        new UserFile(path) { History = history }.Update(changes);

    private UserFileUpdate Change(UserChange[] changes, string reason = "") =>
        Change(_folder.File, changes, new HistoryWriter { Reason = reason });

    private UserHistory Read() => UserHistory.Read(new UserFile(_folder.File));
}
