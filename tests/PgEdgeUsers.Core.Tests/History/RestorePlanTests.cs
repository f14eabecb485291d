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

public sealed class RestorePlanTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string HistoryPath => SidecarPath.History(_folder.File);

    public void Dispose() => _folder.Dispose();

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
        Assert.Equal(("", signIn, 2, Sample.OtherHash),
            (user.Annotation, user.LastLogin, user.FailedAttempts, user.PasswordHash));
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

    private static Gen<Func<Dictionary<string, UserAccount>, UserChange>> Step { get; } =
        from kind in Gen.Choose(0, 4)
        from number in Gen.Choose(1, 4)
        from other in Gen.Choose(1, 4)
        from note in Gen.Elements("", "a", "b")
        select new Func<Dictionary<string, UserAccount>, UserChange>(users =>
            (kind, users.ContainsKey(Sample.Name(number))) switch
        {
            (0, true) => new RemoveUser(Sample.Name(number)),
            (_, false) => new AddUser(Sample.Account(Sample.Name(number)) with { Annotation = note }),
            (4, _) when !users.ContainsKey(Sample.Name(other)) =>
                new RenameUser(Sample.Name(number), Sample.Name(other)),
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
