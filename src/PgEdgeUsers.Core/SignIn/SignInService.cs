using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Server;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>The limits for a sign-in against the user file.</summary>
/// <param name="MaxFailedAttempts">The number of failed attempts that disables an account; 0 for no limit.</param>
/// <param name="MaxSessions">
/// The maximum number of sessions of the user, including the new one. The oldest sessions are ended.
/// </param>
/// <param name="Lifetime">The lifetime of the session.</param>
public sealed record SignInLimits(int MaxFailedAttempts, int MaxSessions, TimeSpan Lifetime);

/// <summary>A session that was started by a sign-in against the user file.</summary>
/// <param name="Session">The session.</param>
/// <param name="Token">The token of the session. It is not stored anywhere.</param>
/// <param name="EndedSessions">The number of older sessions that were ended because of the limit.</param>
public sealed record BegunSession(SessionRecord Session, SecureString Token, int EndedSessions);

/// <summary>
/// Signs users in against the user file or at a running server, and records every attempt in the audit log. The reason
/// for a refusal is recorded, too, but not revealed to the person who signs in.
/// </summary>
/// <param name="audit">The audit log; null to record nothing.</param>
/// <param name="onAuditFailure">
/// Called with the failure if an attempt cannot be recorded, which does not affect the attempt.
/// </param>
public sealed class SignInService(AuditLog? audit, Action<PgEdgeUsersException> onAuditFailure)
{
    /// <summary>Signs a user in against the user file and starts a session.</summary>
    /// <param name="file">The user file.</param>
    /// <param name="username">The user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="seen">The result of an unsynchronized read of the file, which may be out of date.</param>
    /// <param name="cancellation">Cancels the wait for the lock of the file.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.AuthenticationFailed"/>: the sign-in was refused. Any other kind: the user file or the
    /// sessions file cannot be used.
    /// </exception>
    public BegunSession SignIn(
        UserFile file,
        string username,
        SecureString password,
        SignInLimits limits,
        UserFileSnapshot seen,
        CancellationToken cancellation)
    {
        var sessions = new SessionStore(file);
        // The sessions are read before the password is checked. Otherwise, an error about a damaged sessions file would
        // reveal that the password is correct.
        Recorded(username, file.Path, sessions.Read);
        var result = new LocalSignIn(file.Path, limits.MaxFailedAttempts)
            .SignIn(username, password, seen, cancellation);
        if (result.Account is { } account)
            return Begin(sessions, account, limits, file.Path, cancellation);
        Record(Refusal(sessions, username, result, file.Path, cancellation));
        throw new PgEdgeUsersException(
            FailureKind.AuthenticationFailed,
            "Sign-in failed: the user name or password is wrong, or the account is disabled.");
    }

    /// <summary>Signs a user in at a running server.</summary>
    /// <returns>The token and its expiry in UTC.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server refuses, cannot be reached, or gives an invalid response.
    /// </exception>
    public (SecureString Token, DateTime ExpiresAt) SignIn(
        ServerClient server, string authority, string username, SecureString password, CancellationToken cancellation)
    {
        var issued = Recorded(username, authority, () => server.SignIn(username, password, cancellation));
        Record([AuditLog.Now(AuditEventKind.SignIn, username, success: true, "", authority)]);
        return issued;
    }

    private BegunSession Begin(
        SessionStore sessions, UserAccount account, SignInLimits limits, string path, CancellationToken cancellation)
    {
        var token = SessionToken.Create();
        var (session, ended) = Recorded(
            account.Name, path, () =>
                sessions.Begin(account, token, limits.Lifetime, limits.MaxSessions, cancellation));
        Record([AuditLog.Now(AuditEventKind.SignIn, account.Name, success: true, "", path),
            .. Ended(ended, "too many sessions", path)]);
        return new BegunSession(session, token, ended.Count);
    }

    private static List<AuditEvent> Refusal(
        SessionStore sessions, string username, SignInResult result, string path, CancellationToken cancellation)
    {
        var events = new List<AuditEvent>
        {
            AuditLog.Now(AuditEventKind.SignIn, username, success: false, $"{result.Reason}", path),
        };
        if (!result.IsLockedNow)
            return events;
        events.Add(AuditLog.Now(AuditEventKind.Lockout, username, success: true, "too many failed sign-ins", path)
            .WithStatus(wasEnabled: true, isEnabled: false));
        try
        {
            events.AddRange(
                Ended(sessions.End(session => session.Username == username, cancellation), "lockout", path));
        }
        catch (PgEdgeUsersException)
        {
            // An error about an unusable sessions file would reveal that this attempt locked the account. Sessions of a
            // disabled account are not valid anyway.
        }

        return events;
    }

    private static IEnumerable<AuditEvent> Ended(IEnumerable<SessionRecord> sessions, string reason, string path) =>
        sessions.Select(session =>
            AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, reason, path));

    /// <summary>Runs a step of a sign-in. If it fails, the attempt is recorded as refused.</summary>
    private T Recorded<T>(string username, string target, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (PgEdgeUsersException failure)
        {
            Record([AuditLog.Now(AuditEventKind.SignIn, username, success: false, failure.Kind.ToString(), target)]);
            throw;
        }
    }

    private void Record(IReadOnlyCollection<AuditEvent> events)
    {
        try
        {
            audit?.Append(events);
        }
        catch (PgEdgeUsersException failure)
        {
            onAuditFailure(failure);
        }
    }
}
