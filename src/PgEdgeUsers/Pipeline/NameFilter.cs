using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Chooses by names, which match exactly, and wildcards, which match without regard to case.</summary>
internal sealed class NameFilter(IEnumerable<string> namesOrPatterns)
{
    private readonly (string Text, WildcardPattern? Pattern)[] _choices = [.. namesOrPatterns.Select(text => (text, PatternOf(text)))];

    public bool Matches(string name) =>
        Array.Exists(_choices, choice => choice.Text == name || choice.Pattern?.IsMatch(name) == true);

    /// <summary>The wildcard that a text is; null where it is none.</summary>
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
