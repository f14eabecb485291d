namespace PgEdgeUsers.Stress.Runs;

/// <summary>What came of a run.</summary>
/// <param name="IsGood">Whether the promise held all the time.</param>
/// <param name="Figures">What was counted, and where the promise broke.</param>
internal sealed record RunReport(bool IsGood, string Figures)
{
    public override string ToString() => (IsGood ? "held: " : "BROKEN: ") + Figures;
}
