using System.Text;
using PgEdgeUsers.Core.Accounts;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds names in a file that are misleading to people. New users cannot have such names.</summary>
internal static class NameFindings
{
    public static IEnumerable<Finding> Of(IEnumerable<UserEntry> entries) =>
        entries.GroupBy(entry => Appearance(entry.Account.Name), StringComparer.Ordinal).SelectMany(OfAlike);

    /// <summary>The findings about names that look the same.</summary>
    private static IEnumerable<Finding> OfAlike(IGrouping<string, UserEntry> alike)
    {
        var names = string.Join(", ", alike.Select(entry => $"'{VisibleText.Of(entry.Account.Name)}'"));
        var isFirst = true;
        foreach (var entry in alike)
        {
            var finding = (alike.Key.Length, isFirst) switch
            {
                (0, _) => new Finding(
                    FindingKind.EmptyName,
                    Warning,
                    $"The user name '{VisibleText.Of(entry.Account.Name)}' is empty or invisible.",
                    "Remove the account."),
                (_, false) => new Finding(
                    FindingKind.NamesLookAlike,
                    Warning,
                    $"The names {names} look alike: they differ only in case, in the Unicode form of their characters, "
                        + "or in invisible characters.",
                    "Remove the accounts that are not needed, or rename them."),
                _ when HasHiddenCharacters(entry.Account.Name) => new Finding(
                    FindingKind.HiddenCharacters,
                    Warning,
                    $"The user name '{VisibleText.Of(entry.Account.Name)}' begins or ends with whitespace, or has "
                        + "invisible characters.",
                    "Rename the account."),
                _ => null,
            };
            if (finding is not null)
                yield return finding with { Line = entry.Line, Username = entry.Account.Name };
            isFirst = false;
        }
    }

    /// <summary>
    /// The visible form of a name: without invisible characters, and the same for names that differ only in case or
    /// composition.
    /// </summary>
    public static string Appearance(string name) => WithoutHidden(UserName.ConfusionKey(WithoutHidden(name)));

    private static bool HasHiddenCharacters(string name) => WithoutHidden(name) != name;

    private static string WithoutHidden(string name) =>
        string.Concat(name.EnumerateRunes().Where(rune => !IsHidden(rune))).Trim();

    private static bool IsHidden(Rune rune) => VisibleText.IsHidden(rune) || UserName.IsInvisible(rune);
}
