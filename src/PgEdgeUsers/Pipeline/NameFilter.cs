using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Selects users by names, which match exactly, and by wildcards, which ignore case.</summary>
internal sealed class NameFilter
{
    private readonly HashSet<string> _names;
    private readonly WildcardPattern[] _patterns;

    private NameFilter(IEnumerable<string> names, IEnumerable<WildcardPattern?> patterns) =>
        (_names, _patterns) = (names.ToHashSet(StringComparer.Ordinal), [.. patterns.OfType<WildcardPattern>()]);

    /// <summary>Creates a filter from texts, each of which is a name and may also be a wildcard.</summary>
    public NameFilter(params string[] namesOrPatterns)
        : this(namesOrPatterns, namesOrPatterns.Select(PatternOf))
    {
    }

    /// <summary>Creates a filter from references.</summary>
    /// <param name="users">The references.</param>
    /// <param name="existing">The names that exist.</param>
    public static NameFilter Of(IReadOnlyCollection<UserReference> users, IEnumerable<string> existing)
    {
        var names = existing.ToHashSet(StringComparer.Ordinal);
        return new NameFilter(
            users.Select(user => user.Name), users.Select(user => PatternOf(user, names.Contains)));
    }

    public bool Matches(string name) =>
        _names.Contains(name) || Array.Exists(_patterns, pattern => pattern.IsMatch(name));

    /// <summary>
    /// The wildcard of a reference; null if it is a name, because it comes from an object or exists. <c>*</c> is always
    /// a wildcard unless it comes from an object.
    /// </summary>
    public static WildcardPattern? PatternOf(UserReference user, Func<string, bool> exists) =>
        user.IsLiteral || (user.Name != "*" && exists(user.Name)) ? null : PatternOf(user.Name);

    /// <summary>Parses a wildcard; null if the text is not one.</summary>
    public static WildcardPattern? PatternOf(string text)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(text))
            return null;
        var pattern = WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            _ = pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException)
        {
            // An unclosed bracket can only be literal.
            return null;
        }
    }
}
