using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Chooses by names, which match exactly, and wildcards, which match without regard to case.</summary>
internal sealed class NameFilter
{
    private readonly HashSet<string> _names;
    private readonly WildcardPattern[] _patterns;

    private NameFilter(IEnumerable<string> names, IEnumerable<WildcardPattern?> patterns) =>
        (_names, _patterns) = (names.ToHashSet(StringComparer.Ordinal), [.. patterns.OfType<WildcardPattern>()]);

    /// <summary>Chooses by texts, each of which is a name and may be a wildcard, too.</summary>
    public NameFilter(params string[] namesOrPatterns)
        : this(namesOrPatterns, namesOrPatterns.Select(PatternOf))
    {
    }

    /// <summary>Chooses the users that references stand for.</summary>
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
    /// The wildcard that a reference is; null if it is a name: one from an object, or one that exists. <c>*</c> is
    /// always a wildcard unless it comes from an object.
    /// </summary>
    public static WildcardPattern? PatternOf(UserReference user, Func<string, bool> exists) =>
        user.IsLiteral || (user.Name != "*" && exists(user.Name)) ? null : PatternOf(user.Name);

    /// <summary>The wildcard that a text is; null if it is none.</summary>
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
            // A bracket that is not closed: then it can only be meant as itself.
            return null;
        }
    }
}
