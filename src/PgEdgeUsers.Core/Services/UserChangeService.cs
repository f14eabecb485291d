using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>
/// Changes users in one transaction: hashes new passwords, writes the user file once and verifies it, ends the sessions
/// of accounts that lost access, and records what happened.
/// </summary>
/// <param name="file">The user file.</param>
/// <param name="audit">Where events are recorded; null to record nothing.</param>
public sealed class UserChangeService(UserFile file, AuditLog? audit)
{
    private readonly SessionStore _sessions = new(file);

    /// <summary>Whether a single refused request prevents all changes.</summary>
    public bool IsAllOrNothing { get; init; }

    /// <summary>The reason that the administrator gave; empty if none was given.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// Receives the number of hashed passwords and their total, on the thread that calls <see cref="Apply"/>.
    /// </summary>
    public Action<int, int>? OnHashed { get; init; }

    /// <summary>Makes the changes.</summary>
    /// <param name="requests">The requests, in order.</param>
    /// <param name="basis">
    /// The state of the file when the requests were checked. The file is read again only if it has changed since.
    /// </param>
    /// <param name="cancellation">
    /// Cancels the operation before the file is written, or the verification after the write.
    /// </param>
    /// <exception cref="PgEdgeUsersException">
    /// The file cannot be read or written, or events cannot be recorded. Nothing was changed.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the file was written.</exception>
    public UserChangeReport Apply(
        IReadOnlyList<UserChangeRequest> requests, UserFileSnapshot basis, CancellationToken cancellation = default)
    {
        // A change that cannot be recorded must not be made. If the folder is missing, the update creates it or fails.
        if (Directory.Exists(Path.GetDirectoryName(file.Target())))
            audit?.Prepare();
        var hashes = PasswordHasher.HashAll([.. requests.Select(request => request.Password)], OnHashed, cancellation);
        var changes = requests.Select((request, i) => request.WithHash(hashes[i])).ToArray();
        EndRevivable(changes, basis, cancellation);
        var update = file.Update(changes, basis, IsAllOrNothing, cancellation);
        // The change has been made. No failure may hide it, and it is recorded even after a cancellation.
        var (ended, sessionFailure) = EndSessions(update);
        var events = update.ExternalChanges.Select(ExternalChange).ToList();
        events.AddRange(update.Results.Where(result => result.IsChanged).SelectMany(Events));
        events.AddRange(
            ended.Select(session => Event(AuditEventKind.SessionEnded, session.Username, "account changed")));
        return new UserChangeReport(update)
        {
            HasEndedSessions = update.Results.Any(LosesSessions),
            MayServerRun = RunningServer.MayWatch(Path.GetDirectoryName(file.Target())!),
            SessionFailure = sessionFailure,
            AuditFailure = Record(events),
        };
    }

    /// <summary>
    /// Ends the sessions of accounts that another program disabled. They end before the change, so that enabling the
    /// account does not revive them.
    /// </summary>
    private void EndRevivable(UserChange[] changes, UserFileSnapshot basis, CancellationToken cancellation)
    {
        var disabled = changes.Select(change => change.Username)
            .Where(name => basis.Find(name) is { Enabled: false })
            .ToHashSet(StringComparer.Ordinal);
        if (disabled.Count > 0)
            _sessions.End(session => disabled.Contains(session.Username), cancellation);
    }

    private (IReadOnlyList<SessionRecord> Ended, PgEdgeUsersException? Failure) EndSessions(UserFileUpdate update)
    {
        var names = update.Results.Where(LosesSessions).Select(result => result.Change.Username)
            .ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            return ([], null);
        try
        {
            return (_sessions.End(session => names.Contains(session.Username)), null);
        }
        catch (PgEdgeUsersException failure)
        {
            return ([], failure);
        }
    }

    private static bool LosesSessions(UserChangeResult result) => (result.Before, result.Account) switch
    {
        (null, _) => false,
        (_, null) => true,
        _ when result.Change is CopyUser => result.IsChanged,
        var (before, after) => before.Name != after.Name
            || before.PasswordHash != after.PasswordHash
            || (before.Enabled && !after.Enabled),
    };

    private PgEdgeUsersException? Record(List<AuditEvent> events)
    {
        try
        {
            audit?.Append(events);
            return null;
        }
        catch (PgEdgeUsersException failure)
        {
            return failure;
        }
    }

    /// <summary>The event for a change by another program. The actor and the time are unknown.</summary>
    private AuditEvent ExternalChange(ExternalChange change) =>
        AuditLog.Now(AuditEventKind.ExternalChange, change.Username, success: true, change.Difference, file.Path)
            with { Actor = "", Process = "" };

    private IEnumerable<AuditEvent> Events(UserChangeResult result)
    {
        var name = result.Change.Username;
        var source = result.Change is CopyUser copy ? $"copied from '{copy.Source}'" : "";
        switch (result.Before, result.Account)
        {
            case (null, _):
                yield return Event(AuditEventKind.UserAdded, name, source);
                break;
            case (_, null):
                yield return Event(AuditEventKind.UserRemoved, name);
                break;
            case var (before, after):
                if (source.Length > 0)
                    yield return Event(AuditEventKind.UserReplaced, name, source);
                if (after.Name != before.Name)
                    yield return Event(AuditEventKind.UserRenamed, name).WithValues(before.Name, after.Name);
                if (after.PasswordHash != before.PasswordHash)
                    yield return Event(AuditEventKind.PasswordSet, name);
                if (after.Annotation != before.Annotation)
                {
                    yield return Event(AuditEventKind.AnnotationSet, name)
                        .WithValues(before.Annotation, after.Annotation);
                }

                if (after.Enabled != before.Enabled)
                {
                    yield return Event(after.Enabled ? AuditEventKind.UserEnabled : AuditEventKind.UserDisabled, name)
                        .WithStatus(before.Enabled, after.Enabled);
                }
                else if (after.FailedAttempts != before.FailedAttempts && source.Length == 0)
                {
                    yield return Event(AuditEventKind.UserEnabled, name, "was enabled; failed attempts cleared");
                }

                break;
        }
    }

    private AuditEvent Event(AuditEventKind kind, string username, string cause = "") =>
        AuditLog.Now(kind, username, success: true, cause, file.Path).WithReason(Reason);
}
