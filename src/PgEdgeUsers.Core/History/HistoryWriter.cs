namespace PgEdgeUsers.Core.History;

/// <summary>How changes of a user file are recorded in its history.</summary>
public sealed record HistoryWriter
{
    /// <summary>Why the change is made; empty if no reason was given.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether the change returns accounts to an earlier state.</summary>
    public bool IsRestore { get; init; }

    /// <summary>
    /// Whether the earlier states of changed accounts are recorded. If not, an existing history only learns that the
    /// change was made by this program.
    /// </summary>
    public bool KeepsStates { get; init; } = true;

    /// <summary>
    /// Whether changes of other programs are reported once. If not, they stay for the next change to report.
    /// </summary>
    public bool ReportsExternalChanges { get; init; } = true;

    /// <summary>Begins a change. The lock of the user file must be held until it is disposed.</summary>
    /// <param name="target">The user file.</param>
    internal HistoryTransaction Begin(string target) => new(this, target);
}
