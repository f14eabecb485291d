using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;

namespace PgEdgeUsers;

/// <summary>A record of something that was done to an account or session, or refused.</summary>
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

    /// <summary>When, in local time.</summary>
    public DateTime Time { get; }

    /// <summary>
    /// What happened: UserAdded, UserRemoved, UserReplaced, UserRenamed, PasswordSet, AnnotationSet, UserEnabled,
    /// UserDisabled, ExternalChange, SignIn, Lockout, SessionEnded or FileRepaired.
    /// </summary>
    public string Event { get; }

    /// <summary>The account concerned; for a sign-in, the name that was given.</summary>
    public string Username { get; }

    /// <summary>Whether it was done; false when it was refused.</summary>
    public bool Success { get; }

    /// <summary>
    /// Why it was refused; or what caused it, and why in the words of the administrator (the value of
    /// <c>-Reason</c>).
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

    /// <summary>What happened and to whom.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";
}
