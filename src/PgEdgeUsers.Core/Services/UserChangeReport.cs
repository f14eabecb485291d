using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>What came of a list of requests. A failure of what follows the change does not undo the change.</summary>
/// <param name="Update">What was written to the user file, with an outcome for each request.</param>
public sealed record UserChangeReport(UserFileUpdate Update)
{
    /// <summary>
    /// Whether an account lost its sessions: it was removed, renamed or disabled, or has another password.
    /// </summary>
    public bool HasEndedSessions { get; init; }

    /// <summary>Whether a server may be running that has sessions of its own.</summary>
    public bool MayServerRun { get; init; }

    /// <summary>Why sessions could not be ended; null when they were.</summary>
    public PgEdgeUsersException? SessionFailure { get; init; }

    /// <summary>Why the events could not be recorded; null when they were.</summary>
    public PgEdgeUsersException? AuditFailure { get; init; }

    /// <summary>The outcomes that changed an account.</summary>
    public IEnumerable<UserChangeResult> Changed => Update.Results.Where(result => result.IsChanged);
}
