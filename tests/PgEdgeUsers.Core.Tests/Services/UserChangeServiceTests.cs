using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Services;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Services;

public sealed class UserChangeServiceTests : IDisposable
{
    private readonly AccountFile _file = new();
    private readonly SessionStore _sessions;

    public UserChangeServiceTests()
    {
        _file.Add("bob");
        _sessions = new SessionStore(_file.File);
    }

    public void Dispose() => _file.Dispose();

    [Fact]
    public void New_passwords_are_hashed_and_set()
    {
        var hashed = new List<(int Done, int Total)>();
        using var password = Store.Secure("a new long password");
        var service = new UserChangeService(_file.File, null) { OnHashed = (done, total) => hashed.Add((done, total)) };

        var report = service.Apply(
            [
                new UserChangeRequest(new AddUser(new UserAccount("dora") { DisplayName = "dora" }), password),
                new UserChangeRequest(Annotate("alice", "Lead"), password),
                new UserChangeRequest(Annotate("bob", "Ops")),
            ],
            _file.File.Read());

        Assert.All(report.Update.Results, result => Assert.Null(result.Failure));
        Assert.True(PasswordHash.Verify(password, _file.Find("dora").PasswordHash));
        Assert.True(PasswordHash.Verify(password, _file.Alice.PasswordHash));
        Assert.Equal(AccountFile.Hash, _file.Find("bob").PasswordHash);
        Assert.Equal(("Lead", "Ops"), (_file.Alice.Annotation, _file.Find("bob").Annotation));
        Assert.Equal([(1, 2), (2, 2)], hashed);
    }

    [Theory]
    [MemberData(nameof(ChangesThatEndSessions))]
    public void Sessions_of_an_account_that_lost_access_end_and_others_stay(UserChange change)
    {
        Begin("alice");
        Begin("bob");

        var report = Apply(change);

        Assert.True(report.HasEndedSessions);
        Assert.Equal(["bob"], _sessions.Read().Select(session => session.Username));
        Assert.Equal("alice", Assert.Single(Events(AuditEventKind.SessionEnded)).User);
    }

    public static TheoryData<UserChange> ChangesThatEndSessions => new(
        new RemoveUser("alice"),
        new PurgeUser("alice"),
        new RenameUser("alice", "alicia"),
        new UpdateUser("alice", a => a with { Enabled = false }),
        new UpdateUser("alice", a => a with { PasswordHash = Sample.OtherHash }),
        new CopyUser(
            Sample.Account("alice") with { PasswordHash = AccountFile.Hash }, "source", NameConflict.Overwrite));

    [Fact]
    public void Sessions_end_if_one_of_several_changes_takes_access_from_an_account() =>
        Assert.True(Apply(new RemoveUser("alice"), Annotate("bob", "Ops")).HasEndedSessions);

    [Fact]
    public void Sessions_stay_if_an_annotation_changes_or_a_user_is_added()
    {
        Begin("alice");

        var report = Apply(Annotate("alice", "Lead"), new AddUser(Sample.Account("dora")));

        Assert.False(report.HasEndedSessions);
        Assert.Single(_sessions.Read());
    }

    [Fact]
    public void Enabling_an_account_that_another_program_disabled_does_not_revive_its_sessions()
    {
        Begin("alice");
        _file.Update("alice", a => a with { Enabled = false });

        Apply(new UpdateUser("alice", a => a with { Enabled = true }));

        Assert.Empty(_sessions.Read());
    }

    [Fact]
    public void One_event_is_recorded_for_each_field_that_changes_with_the_reason()
    {
        Apply(new UpdateUser("alice",
        a => a with { Annotation = "Lead", Enabled = false, PasswordHash = Sample.OtherHash }));

        var events = AuditLog.For(_file.File, null)!.Read();
        Assert.Equal(
            [AuditEventKind.PasswordSet, AuditEventKind.AnnotationSet, AuditEventKind.UserDisabled],
            events.Select(e => e.Event));
        Assert.All(events, e => Assert.Equal(("alice", "Ticket 4711", true), (e.User, e.Reason, e.Success)));
        Assert.Equal([(null, null), ("", "Lead"), ("Enabled", "Disabled")], events.Select(e => (e.Old, e.New)));
    }

    [Fact]
    public void Renaming_and_enabling_an_account_are_recorded_with_both_values()
    {
        _file.Update("bob", a => a with { Enabled = false });

        Apply(new RenameUser("alice", "alicia"), new UpdateUser("bob", a => a with { Enabled = true }));

        Assert.Equal(
            [
                (AuditEventKind.UserRenamed, "alice", "alice", "alicia"),
                (AuditEventKind.UserEnabled, "bob", "Disabled", "Enabled"),
            ],
            AuditLog.For(_file.File, null)!.Read().Select(e => (e.Event, e.User, e.Old, e.New)));
    }

    [Fact]
    public void Clearing_the_failed_attempts_of_an_enabled_account_is_recorded()
    {
        _file.Update("alice", a => a with { FailedAttempts = 3 });

        Apply(new UpdateUser("alice", a => a with { FailedAttempts = 0 }));

        Assert.Equal(
            "was enabled; failed attempts cleared: Ticket 4711",
            Assert.Single(Events(AuditEventKind.UserEnabled)).Reason);
    }

    [Fact]
    public void Copies_are_recorded_with_the_file_that_they_come_from()
    {
        Apply(
            new CopyUser(_file.Alice with { Name = "dora" }, "/srv/other.yaml"),
            new CopyUser(
                _file.Alice with { Annotation = "Lead", FailedAttempts = 3 },
                "/srv/other.yaml",
                NameConflict.Overwrite));

        Assert.Equal(
            [
                (AuditEventKind.UserAdded, "dora", "copied from '/srv/other.yaml': Ticket 4711"),
                (AuditEventKind.UserReplaced, "alice", "copied from '/srv/other.yaml': Ticket 4711"),
                (AuditEventKind.AnnotationSet, "alice", "Ticket 4711"),
            ],
            AuditLog.For(_file.File, null)!.Read().Select(e => (e.Event, e.User, e.Reason)));
    }

    [Fact]
    public void External_changes_are_recorded_before_the_change_that_found_them_without_an_actor()
    {
        Apply(Annotate("alice", "Lead"));
        _file.Update("bob", a => a with { PasswordHash = Sample.OtherHash });

        Apply(new RemoveUser("bob"));

        var events = AuditLog.For(_file.File, null)!.Read();
        Assert.Equal(
            [AuditEventKind.AnnotationSet, AuditEventKind.ExternalChange, AuditEventKind.UserRemoved],
            events.Select(e => e.Event));
        Assert.Equal(("bob", "", "", "password replaced", true),
            (events[1].User, events[1].Actor, events[1].Process, events[1].Reason, events[1].Success));
    }

    [Fact]
    public void A_change_that_fails_or_changes_nothing_is_not_recorded()
    {
        var report = Apply(new RemoveUser("nobody"), Annotate("alice", ""));

        Assert.Equal([FailureKind.UserNotFound, null], report.Update.Results.Select(result => result.Failure?.Kind));
        Assert.Empty(report.Changed);
        Assert.False(File.Exists(_file.AuditPath));
    }

    [Fact]
    public void A_single_failure_keeps_all_changes_from_being_made_if_that_is_asked_for()
    {
        var before = File.ReadAllBytes(_file.Path);

        var report = new UserChangeService(_file.File, null) { IsAllOrNothing = true }.Apply(
            [new UserChangeRequest(new RemoveUser("alice")), new UserChangeRequest(new RemoveUser("nobody"))],
            _file.File.Read());

        Assert.Equal(FailureKind.UserNotFound, Assert.Single(report.Update.Results).Failure!.Kind);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Fact]
    public void Nothing_is_changed_if_events_cannot_be_recorded()
    {
        Directory.CreateDirectory(_file.AuditPath);
        var before = File.ReadAllBytes(_file.Path);

        var failure = Assert.Throws<PgEdgeUsersException>(() => Apply(new RemoveUser("alice")));

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Fact]
    public void Events_that_cannot_be_recorded_after_all_do_not_hide_that_the_change_was_made()
    {
        using var password = Store.Secure("a new long password");
        var service = new UserChangeService(_file.File, AuditLog.For(_file.File, null))
        {
            // The audit file was checked before the passwords are hashed.
            OnHashed = (_, _) => Directory.CreateDirectory(_file.AuditPath),
        };

        var report = service.Apply([new UserChangeRequest(Annotate("alice", "Lead"), password)], _file.File.Read());

        Assert.Equal(FailureKind.AuditFailed, report.AuditFailure!.Kind);
        Assert.Equal("Lead", _file.Alice.Annotation);
    }

    [Fact]
    public void Sessions_that_cannot_be_ended_do_not_hide_that_the_change_was_made()
    {
        Begin("alice");
        File.WriteAllText(_file.SessionsPath, "damaged");

        var report = Apply(new RemoveUser("alice"));

        Assert.Equal(FailureKind.SessionFileInvalid, report.SessionFailure!.Kind);
        Assert.Null(_file.File.Read().Find("alice"));
        Assert.Single(Events(AuditEventKind.UserRemoved));
    }

    [Fact]
    public void A_cancellation_before_the_write_changes_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var before = File.ReadAllBytes(_file.Path);

        Assert.ThrowsAny<OperationCanceledException>(() => new UserChangeService(_file.File, null).Apply(
            [new UserChangeRequest(new RemoveUser("alice"))], _file.File.Read(), stop.Token));

        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    private static UpdateUser Annotate(string name, string annotation) =>
        new(name, account => account with { Annotation = annotation });

    private void Begin(string name) =>
        _sessions.Begin(_file.Find(name), SessionToken.Create(), SessionToken.Lifetime, maxSessions: 3);

    private UserChangeReport Apply(params UserChange[] changes)
    {
        var file = new UserFile(_file.Path) { NoWait = true, History = new HistoryWriter() };
        return new UserChangeService(file, AuditLog.For(file, null)) { Reason = "Ticket 4711" }
            .Apply([.. changes.Select(change => new UserChangeRequest(change))], file.Read());
    }

    private IEnumerable<AuditEvent> Events(AuditEventKind kind) =>
        AuditLog.For(_file.File, null)!.Read().Where(e => e.Event == kind);
}
