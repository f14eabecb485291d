using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Core;

/// <summary>
/// Makes untrusted text safe to display. Control characters, format characters (such as bidirectional marks), line and
/// paragraph separators, unassigned and private-use characters, and lone surrogates are escaped, as in
/// <c>\u{1B}</c>, so that they can neither control a terminal nor change the order in which text appears.
/// </summary>
public static class VisibleText
{
    private const int MaxShortLength = 80;

    /// <summary>Escapes a text for display; returns the same string if no character needs escaping.</summary>
    public static string Of(string text)
    {
        var at = 0;
        while (at < text.Length && text[at] is >= ' ' and <= '~')
            at++;
        if (at == text.Length)
            return text;
        var visible = new StringBuilder(text, 0, at, text.Length + 16);
        while (at < text.Length)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            if (isRune && !IsHidden(rune))
                visible.Append(text, at, length);
            else
                visible.Append(CultureInfo.InvariantCulture, $"\\u{{{(isRune ? rune.Value : text[at]):X}}}");
            at += length;
        }

        return visible.ToString();
    }

    /// <summary>
    /// Escapes a text for use in a message, and truncates it if it is longer than any valid user name.
    /// </summary>
    public static string BeginningOf(string text)
    {
        return Of(Shortened(text, MaxShortLength));
    }

    /// <summary>Truncates a text that is too long and adds an ellipsis. Surrogate pairs are not split.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The maximum length, in UTF-16 code units, without the ellipsis.</param>
    public static string Shortened(string text, int length)
    {
        return text.Length <= length
            ? text
            : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>Whether a character is invisible or changes how other characters are displayed.</summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
