using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>What was done to an account. The names are what the history file has.</summary>
public enum HistoryEvent
{
    /// <summary>The account was added.</summary>
    Added,

    /// <summary>Fields of the account were changed.</summary>
    Changed,

    /// <summary>The account was given another name.</summary>
    Renamed,

    /// <summary>The account was removed.</summary>
    Removed,

    /// <summary>The account was returned to an earlier state.</summary>
    Restored,
}

/// <summary>One change of one account. It contains password hashes.</summary>
/// <param name="Time">When the change was made, in UTC.</param>
/// <param name="Transaction">The changes that were written together have the same id.</param>
/// <param name="Event">What was done.</param>
/// <param name="Actor">The person who did it and, if it differs, the account: <c>carla as root</c>.</param>
/// <param name="Reason">Why, in the words of the administrator; empty if no reason was given.</param>
/// <param name="Before">The account before the change; null if there was none.</param>
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
    /// <summary>The name of the account after the change; of a removed account, the name that it had.</summary>
    public string Username => (After ?? Before)?.Name ?? "";

    /// <summary>The names of the account before and after the change.</summary>
    public IEnumerable<string> Usernames => new[] { Before?.Name, After?.Name }.OfType<string>().Distinct();

    /// <summary>The event and the name. The generated text would show more than that.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";
}
