using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;

namespace PgEdgeUsers;

/// <summary>A recorded event of an account or session.</summary>
public sealed class PgEdgeAuditEvent
{
    internal PgEdgeAuditEvent(AuditEvent e)
    {
        Time = e.Time.ToLocalTime();
        Event = e.Event.ToString();
        Username = e.User;
        Success = e.Success;
        Reason = e.Reason;
        Process = e.Process;
        Actor = e.Actor;
        Target = e.Path;
        OldValue = e.Old;
        NewValue = e.New;
    }

    /// <summary>When it happened, in local time.</summary>
    public DateTime Time { get; }

    /// <summary>
    /// What happened: UserAdded, UserRemoved, UserReplaced, UserRenamed, PasswordSet, AnnotationSet, UserEnabled,
    /// UserDisabled, ExternalChange, SignIn, Lockout, SessionEnded or FileRepaired.
    /// </summary>
    public string Event { get; }

    /// <summary>The account; for a sign-in, the name that was entered.</summary>
    public string Username { get; }

    /// <summary>True if it was done; false if it was refused.</summary>
    public bool Success { get; }

    /// <summary>
    /// Why it was refused, or its cause followed by the administrator's reason (the value of <c>-Reason</c>).
    /// </summary>
    public string Reason { get; }

    /// <summary>The program and its process id.</summary>
    public string Process { get; }

    /// <summary>The person who logged in and, if it differs, the account: <c>carla as root</c>.</summary>
    public string Actor { get; }

    /// <summary>The user file, or the server's address.</summary>
    public string Target { get; }

    /// <summary>The annotation, status or name before a change of it; null for other events.</summary>
    public string? OldValue { get; }

    /// <summary>The annotation, status or name after a change of it; null for other events.</summary>
    public string? NewValue { get; }

    /// <summary>The event and the user.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";
}
