namespace PgEdgeUsers.Core.Accounts;

/// <summary>The order in which names are listed: ignoring case, unless the names differ only in case.</summary>
public static class NameOrder
{
    /// <summary>Compares two names.</summary>
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create((one, other) =>
    {
        var order = StringComparer.OrdinalIgnoreCase.Compare(one, other);
        return order != 0 ? order : StringComparer.Ordinal.Compare(one, other);
    });
}
