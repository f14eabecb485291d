using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>The result of a list of requests. A failure after the change does not undo the change.</summary>
/// <param name="Update">The update of the user file, with a result for each request.</param>
public sealed record UserChangeReport(UserFileUpdate Update)
{
    /// <summary>
    /// Whether an account lost its sessions: it was removed, renamed or disabled, or has another password.
    /// </summary>
    public bool HasEndedSessions { get; init; }

    /// <summary>Whether a server may be running that has sessions of its own.</summary>
    public bool MayServerRun { get; init; }

    /// <summary>Why sessions could not be ended; null if there was no failure.</summary>
    public PgEdgeUsersException? SessionFailure { get; init; }

    /// <summary>Why the events could not be recorded; null if there was no failure.</summary>
    public PgEdgeUsersException? AuditFailure { get; init; }

    /// <summary>The results that changed an account.</summary>
    public IEnumerable<UserChangeResult> Changed => Update.Results.Where(result => result.IsChanged);
}
