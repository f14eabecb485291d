using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Audit;

/// <summary>The events of accounts and sessions. The audit file contains the names.</summary>
public enum AuditEventKind
{
    /// <summary>An account was added.</summary>
    UserAdded,

    /// <summary>An account was removed.</summary>
    UserRemoved,

    /// <summary>An account was replaced by that of another user file.</summary>
    UserReplaced,

    /// <summary>An account was renamed. The event's user is the old name.</summary>
    UserRenamed,

    /// <summary>
    /// Another program added, changed or removed an account since this program's last change. The time is that of the
    /// change that detected it.
    /// </summary>
    ExternalChange,

    /// <summary>A password was set.</summary>
    PasswordSet,

    /// <summary>An annotation was set or cleared.</summary>
    AnnotationSet,

    /// <summary>An account was enabled.</summary>
    UserEnabled,

    /// <summary>An account was disabled by an administrator.</summary>
    UserDisabled,

    /// <summary>A sign-in, successful or refused.</summary>
    SignIn,

    /// <summary>An account was disabled by failed sign-ins.</summary>
    Lockout,

    /// <summary>A session ended before it expired.</summary>
    SessionEnded,

    /// <summary>The user file was repaired.</summary>
    FileRepaired,
}

/// <summary>An event in the audit file. It never contains a password, hash or token.</summary>
/// <param name="Time">When it happened, in UTC.</param>
/// <param name="Event">What happened.</param>
/// <param name="User">The account; for a sign-in, the name that was entered.</param>
/// <param name="Success">True if it was done; false if it was refused.</param>
/// <param name="Reason">
/// Why it was refused, or its cause followed by the reason that the administrator gave. May be empty.
/// </param>
/// <param name="Process">The program and its process id.</param>
/// <param name="Actor">The person who logged in and, if it differs, the account: <c>carla as root</c>.</param>
/// <param name="Path">The user file, or the server's address.</param>
/// <param name="Old">The annotation, status or name before a change of it; null for other events.</param>
/// <param name="New">The annotation, status or name after a change of it; null for other events.</param>
public sealed record AuditEvent(
    DateTime Time,
    AuditEventKind Event,
    string User,
    bool Success,
    string Reason,
    string Process,
    string Actor,
    string Path,
    string? Old = null,
    string? New = null)
{
    /// <summary>
    /// The length to which a value is truncated, because another program may write annotations of any length.
    /// </summary>
    public const int MaxValueLength = Annotation.MaxLength;

    /// <summary>The event with the value that changed, before and after.</summary>
    public AuditEvent WithValues(string old, string @new) => this with
    {
        Old = VisibleText.Shortened(old, MaxValueLength),
        New = VisibleText.Shortened(@new, MaxValueLength),
    };

    /// <summary>The event with the status before and after.</summary>
    public AuditEvent WithStatus(bool wasEnabled, bool isEnabled) => WithValues(Status(wasEnabled), Status(isEnabled));

    /// <summary>The event with the reason that the administrator gave, after its cause if it has one.</summary>
    /// <param name="words">The reason; empty if none was given.</param>
    public AuditEvent WithReason(string words) => this with
    {
        Reason = string.Join(": ", new[] { Reason, words }.Where(part => !string.IsNullOrEmpty(part))),
    };

    private static string Status(bool isEnabled) => isEnabled ? "Enabled" : "Disabled";
}
