using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Core.Accounts;

/// <summary>
/// The rules for new user names. Existing names in a file may break them; those users can still be changed and removed.
/// </summary>
public static class UserName
{
    /// <summary>The longest new name, in characters (Unicode scalar values).</summary>
    public const int MaxLength = 64;

    private const string Punctuation = "._-@+'";

    /// <summary>Checks a new name.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidUsername"/>: it breaks a rule, which the message names.
    /// </exception>
    public static void Validate(string name)
    {
        if (Problem(name) is { } problem)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUsername,
                $"The user name '{VisibleText.BeginningOf(name)}' {problem}. "
                + $"Use 1 to {MaxLength} letters, digits and . _ - @ + ', beginning with a letter or digit.");
        }
    }

    /// <summary>
    /// A key that is the same for names that look alike to people: names that differ only in case or in the composition
    /// of characters.
    /// </summary>
    public static string ConfusionKey(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // A file can contain names without a normal form, for example with U+FFFE. They are similar to no other
            // name.
            return name;
        }
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0)
            return "is empty";
        if (string.Equals(name, "null", StringComparison.OrdinalIgnoreCase))
            return "means 'nothing' in YAML, and the server would drop the user";
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || !IsAllowed(rune) || IsInvisible(rune))
                return $"contains a character that is not allowed: {Describe(rune)}";
            if (length == 0 && !Rune.IsLetterOrDigit(rune))
                return "does not begin with a letter or digit";
            length++;
        }

        if (length > MaxLength)
            return $"has {length.ToString(CultureInfo.InvariantCulture)} characters, more than {MaxLength}";
        return name.IsNormalized(NormalizationForm.FormC)
            ? null
            : "is not in Unicode normalization form C: its accents are separate characters";
    }

    private static bool IsAllowed(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || (rune.IsAscii && Punctuation.Contains((char)rune.Value, StringComparison.Ordinal));

    /// <summary>Whether a letter or mark is invisible, so that names with and without it look the same.</summary>
    internal static bool IsInvisible(Rune rune) => rune.Value is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);

    private static string Describe(Rune rune) => rune.Value is > ' ' and < 0x7F ? $"'{rune}'" : $"U+{rune.Value:X4}";
}
