namespace PgEdgeUsers.Stress.Runs;

/// <summary>The result of a run.</summary>
/// <param name="IsGood">Whether the promise was kept.</param>
/// <param name="Figures">What was counted, and how the promise was broken.</param>
internal sealed record RunReport(bool IsGood, string Figures)
{
    public override string ToString() => (IsGood ? "held: " : "BROKEN: ") + Figures;
}
