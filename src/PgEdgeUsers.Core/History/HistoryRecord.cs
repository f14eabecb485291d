using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>The kind of change of an account. The history file contains these names.</summary>
public enum HistoryEvent
{
    /// <summary>The account was added.</summary>
    Added,

    /// <summary>Fields of the account were changed.</summary>
    Changed,

    /// <summary>The account was renamed.</summary>
    Renamed,

    /// <summary>The account was removed.</summary>
    Removed,

    /// <summary>The account was returned to an earlier state.</summary>
    Restored,
}

/// <summary>A record of one change of one account. It contains password hashes.</summary>
/// <param name="Time">When the change was made, in UTC.</param>
/// <param name="Transaction">The id of the transaction, shared by all changes that were written together.</param>
/// <param name="Event">The kind of change.</param>
/// <param name="Actor">
/// The person who made the change and, if different, the effective account: <c>carla as root</c>.
/// </param>
/// <param name="Reason">The reason that the administrator gave; empty if none was given.</param>
/// <param name="Before">The account before the change; null if it was added.</param>
/// <param name="After">The account after the change; null if it was removed.</param>
public sealed record HistoryRecord(
    DateTime Time,
    string Transaction,
    HistoryEvent Event,
    string Actor,
    string Reason,
    UserAccount? Before,
    UserAccount? After)
{
    /// <summary>The name of the account after the change, or the last name of a removed account.</summary>
    public string Username => (After ?? Before)?.Name ?? "";

    /// <summary>The names of the account before and after the change.</summary>
    public IEnumerable<string> Usernames => new[] { Before?.Name, After?.Name }.OfType<string>().Distinct();

    /// <summary>The event and the name. The generated text would contain password hashes.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";
}
