using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;

namespace PgEdgeUsers.Core.Tests.SignIn;

public sealed class SignInServiceTests : IDisposable
{
    private static readonly SignInLimits Limits = new(MaxFailedAttempts: 2, MaxSessions: 2, TimeSpan.FromHours(1));

    private readonly AccountFile _file = new();
    private readonly List<PgEdgeUsersException> _auditFailures = [];

    private AuditLog Audit => AuditLog.For(_file.File, null)!;

    private IEnumerable<string> Recorded =>
        Audit.Read().Select(e => $"{e.Event} {e.User} {e.Success} {e.Reason}".TrimEnd());

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_sign_in_begins_a_session_and_is_recorded()
    {
        var begun = SignIn(AccountFile.Password);

        Assert.Equal(begun.Session, new SessionStore(_file.File).Find(begun.Token));
        Assert.Equal(TimeSpan.FromHours(1), begun.Session.ExpiresAt - begun.Session.IssuedAt);
        Assert.Equal(["SignIn alice True"], Recorded);
    }

    [Fact]
    public void The_oldest_session_over_the_limit_ends()
    {
        var first = SignIn(AccountFile.Password);
        SignIn(AccountFile.Password);

        Assert.Equal(1, SignIn(AccountFile.Password).EndedSessions);

        Assert.Null(new SessionStore(_file.File).Find(first.Token));
        Assert.Equal("SessionEnded alice True too many sessions", Recorded.Last());
    }

    [Fact]
    public void Every_refusal_has_the_same_message_and_its_cause_is_recorded()
    {
        _file.Add("bob", enabled: false);

        var messages = new[] { ("nobody", "wrong"), ("bob", AccountFile.Password), ("alice", "wrong") }
            .Select(attempt => Assert.Throws<PgEdgeUsersException>(() => SignIn(attempt.Item2, attempt.Item1)).Message);

        Assert.Single(messages.Distinct());
        Assert.Equal(
            ["SignIn nobody False UnknownUser", "SignIn bob False AccountDisabled", "SignIn alice False WrongPassword"],
            Recorded);
    }

    [Fact]
    public void A_lockout_ends_the_sessions_of_the_user_and_is_recorded()
    {
        var begun = SignIn(AccountFile.Password);
        for (var attempt = 0; attempt < 2; attempt++)
            Assert.Throws<PgEdgeUsersException>(() => SignIn("wrong"));

        Assert.False(_file.Alice.Enabled);
        Assert.Null(new SessionStore(_file.File).Find(begun.Token));
        Assert.Equal(
            ["Lockout alice True too many failed sign-ins", "SessionEnded alice True lockout"], Recorded.TakeLast(2));
        Assert.Equal(("Enabled", "Disabled"), Audit.Read().Select(e => (e.Old, e.New)).ElementAt(^2));
    }

    [Fact]
    public void A_damaged_sessions_file_is_reported_before_the_password_is_checked()
    {
        SignIn(AccountFile.Password);
        File.WriteAllText(_file.SessionsPath, "damaged");

        foreach (var password in new[] { AccountFile.Password, "wrong" })
        {
            var failure = Assert.Throws<PgEdgeUsersException>(() => SignIn(password));
            Assert.Equal(FailureKind.SessionFileInvalid, failure.Kind);
        }

        Assert.Equal(0, _file.Alice.FailedAttempts);
        Assert.Equal("SignIn alice False SessionFileInvalid", Recorded.Last());
    }

    [Fact]
    public void An_attempt_that_cannot_be_recorded_counts_anyway()
    {
        Directory.CreateDirectory(_file.AuditPath);

        SignIn(AccountFile.Password);
        Assert.Throws<PgEdgeUsersException>(() => SignIn("wrong"));

        Assert.Equal(
            [FailureKind.AuditFailed, FailureKind.AuditFailed], _auditFailures.Select(failure => failure.Kind));
        Assert.Equal(1, _file.Alice.FailedAttempts);
    }

    [Fact]
    public void A_cancelled_sign_in_does_not_count()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        foreach (var password in new[] { AccountFile.Password, "wrong" })
        {
            Assert.ThrowsAny<OperationCanceledException>(() => SignIn(password, cancellation: cancelled.Token));
            Assert.Equal((null, 0), (_file.Alice.LastLogin, _file.Alice.FailedAttempts));
        }
    }

    private BegunSession SignIn(
        string password, string username = "alice", CancellationToken cancellation = default) =>
        new SignInService(Audit, _auditFailures.Add).SignIn(
            _file.File, username, Store.Secure(password), Limits, _file.File.Read(), cancellation);
}
