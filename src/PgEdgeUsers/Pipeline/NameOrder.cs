namespace PgEdgeUsers;

/// <summary>The order of names in output: without regard to case, the same in every culture.</summary>
internal static class NameOrder
{
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create((one, other) =>
        StringComparer.OrdinalIgnoreCase.Compare(one, other) is var order and not 0 ? order : StringComparer.Ordinal.Compare(one, other));
}
