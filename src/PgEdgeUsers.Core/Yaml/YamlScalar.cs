using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Writes text as a YAML scalar. It is plain only if YAML 1.1 and 1.2 certainly read it as that text, in flow and block
/// style. Otherwise it is in double quotes, with escapes for characters that an editor or terminal might not show.
/// </summary>
internal static class YamlScalar
{
    private const string PlainPunctuation = "_./@()+-'$%=;& ";

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null",
    };

    /// <summary>Whether unquoted text means null.</summary>
    public static bool IsNull(ReadOnlySpan<char> plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    public static string Write(string value) => IsSurelyPlain(value) ? value : Quote(value);

    private static bool IsSurelyPlain(string value)
    {
        // The first character decides most cases: text that begins with a letter is not a number, time, indicator or
        // document mark.
        if (value.Length == 0 || value[^1] == ' ' || Words.Contains(value))
            return false;
        if (!char.IsLetter(value[0]) && value[0] != '$')
            return false;
        foreach (var c in value)
        {
            if (!char.IsLetterOrDigit(c) && !IsMark(c) && !PlainPunctuation.Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static bool IsMark(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsShownAsItIs(Rune rune) =>
        rune.IsBmp && !VisibleText.IsHidden(rune) && (rune.Value == ' ' || !Rune.IsWhiteSpace(rune));

    /// <summary>Writes text in double quotes.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"", value.Length + 16);
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append((char)rune.Value);
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                case var code when IsShownAsItIs(rune):
                    quoted.Append((char)code);
                    break;
                default:
                    var (escape, format) = rune.IsBmp ? ("\\u", "X4") : ("\\U", "X8");
                    quoted.Append(escape).Append(rune.Value.ToString(format, CultureInfo.InvariantCulture));
                    break;
            }
        }

        return quoted.Append('"').ToString();
    }
}
