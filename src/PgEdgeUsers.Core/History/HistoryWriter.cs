namespace PgEdgeUsers.Core.History;

/// <summary>Options for recording changes of a user file in its history.</summary>
public sealed record HistoryWriter
{
    /// <summary>The reason for the change; empty if none was given.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether the change returns accounts to an earlier state.</summary>
    public bool IsRestore { get; init; }

    /// <summary>
    /// Whether the earlier states of changed accounts are recorded. If not, an existing history still gets the new
    /// fingerprints, so that the change is not reported as one by another program.
    /// </summary>
    public bool KeepsStates { get; init; } = true;

    /// <summary>
    /// Whether changes by other programs are reported. Each is reported once. If not, the next change reports them.
    /// </summary>
    public bool ReportsExternalChanges { get; init; } = true;

    /// <summary>Begins a change. The lock of the user file must be held until it is disposed.</summary>
    /// <param name="target">The user file.</param>
    internal HistoryTransaction Begin(string target) => new(this, target);
}
