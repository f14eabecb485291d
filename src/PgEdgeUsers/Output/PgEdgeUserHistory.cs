using PgEdgeUsers.Core;
using PgEdgeUsers.Core.History;

namespace PgEdgeUsers;

/// <summary>A recorded change of a user. It has no password hash.</summary>
public sealed class PgEdgeUserHistory
{
    internal PgEdgeUserHistory(HistoryRecord record, string path)
    {
        Time = record.Time.ToLocalTime();
        Username = record.Username;
        Event = record.Event.ToString();
        Changes = [.. AccountChanges.Of(record.Before, record.After)];
        Actor = record.Actor;
        Reason = record.Reason;
        Path = path;
    }

    /// <summary>When the change was made, in local time.</summary>
    public DateTime Time { get; }

    /// <summary>The name of the user after the change; for a removed user, its last name.</summary>
    public string Username { get; }

    /// <summary>What was done: Added, Changed, Renamed, Removed or Restored.</summary>
    public string Event { get; }

    /// <summary>What changed, with old and new values. For a password, only that it changed.</summary>
    public string[] Changes { get; }

    /// <summary>The person who made the change and, if it differs, the account: <c>carla as root</c>.</summary>
    public string Actor { get; }

    /// <summary>Why the change was made; empty if no reason was given.</summary>
    public string Reason { get; }

    /// <summary>The user file.</summary>
    public string Path { get; }

    /// <summary>The event and the user.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";
}
