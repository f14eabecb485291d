using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Core.Accounts;

/// <summary>The rules for new annotations: a single line that any terminal and editor can display.</summary>
public static class Annotation
{
    /// <summary>The longest new annotation, in characters (Unicode scalar values).</summary>
    public const int MaxLength = 1024;

    /// <summary>Checks a new annotation; empty is allowed and means none.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="username">The user to whom it belongs.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidAnnotation"/>: it breaks a rule, which the message names.
    /// </exception>
    public static void Validate(string annotation, string username)
    {
        var length = 0;
        for (var at = 0; at < annotation.Length; length++)
        {
            if (!Rune.TryGetRuneAt(annotation, at, out var rune))
                throw Invalid(username, "contains an unpaired surrogate");
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                || IsBidirectionalControl(rune) || rune.Value is 0xFEFF or 0xFFFE or 0xFFFF)
            {
                throw Invalid(username, $"has the control or line-break character U+{rune.Value:X4}");
            }

            at += rune.Utf16SequenceLength;
        }

        if (length > MaxLength)
            throw Invalid(username, $"has {length.ToString(CultureInfo.InvariantCulture)} characters");
    }

    private static bool IsBidirectionalControl(Rune rune) =>
        rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static PgEdgeUsersException Invalid(string username, string problem) => new(
        FailureKind.InvalidAnnotation,
        $"The annotation of '{VisibleText.BeginningOf(username)}' {problem}. "
        + $"Use one line of at most {MaxLength} characters, without control or bidirectional characters.");
}
