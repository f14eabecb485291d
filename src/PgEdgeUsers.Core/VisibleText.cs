using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Core;

/// <summary>
/// Text from the file made safe to show: control, format (bidirectional among them) and line-separator characters,
/// unassigned and private ones and lone surrogates appear as <c>\u{1B}</c>, so that they can neither drive a terminal
/// nor reorder what is read.
/// </summary>
public static class VisibleText
{
    private const int MaxShortLength = 80;

    /// <summary>The text as it can be shown; the same string when nothing in it needs to be made visible.</summary>
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
    /// The beginning of a text as it can be shown within a message: of a name, all, but not of one of megabytes.
    /// </summary>
    public static string BeginningOf(string text)
    {
        return Of(Shortened(text, MaxShortLength));
    }

    /// <summary>The beginning of a text that is too long, with an ellipsis; no character is cut in two.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The length, in UTF-16 units, over which it is too long.</param>
    public static string Shortened(string text, int length)
    {
        return text.Length <= length
            ? text
            : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>Whether a character has no picture of its own, or changes how others are shown.</summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
