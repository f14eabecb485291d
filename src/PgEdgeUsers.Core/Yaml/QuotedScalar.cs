using System.Globalization;
using System.Text;
using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>Quoted scalars that begin and end on the same line.</summary>
internal static class QuotedScalar
{
    public static ScalarStyle Style(char quote) => quote == '"' ? ScalarStyle.DoubleQuoted : ScalarStyle.SingleQuoted;

    /// <summary>
    /// Returns the position after a scalar; 0 if it does not end on the line, or has an escape that the server rejects.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The position of the opening quote.</param>
    /// <param name="buffer">
    /// A buffer for decoding a scalar whose value differs from the text between its quotes.
    /// </param>
    /// <param name="decoded">The decoded value; null if it is the text between the quotes.</param>
    public static int TryRead(string text, int start, StringBuilder buffer, out string? decoded)
    {
        var isDouble = text[start] == '"';
        decoded = null;
        buffer.Clear();
        for (var (from, at) = (start + 1, start + 1); ; from = at)
        {
            var rest = text.AsSpan(at);
            var length = isDouble ? rest.IndexOfAny('"', '\\', '\n') : rest.IndexOfAny('\'', '\n');
            if (length < 0 || rest[length] == '\n')
                return 0;
            at += length;
            rest = rest[(length + 1)..];
            if (text[at] == '\\')
            {
                buffer.Append(text, from, at - from);
                var escape = Unescape(rest, buffer);
                if (escape == 0)
                    return 0;
                at += 1 + escape;
            }
            else if (!isDouble && rest is ['\'', ..])
            {
                buffer.Append(text, from, at + 1 - from);
                at += 2;
            }
            else
            {
                if (from > start + 1)
                    decoded = buffer.Append(text, from, at - from).ToString();
                return at + 1;
            }
        }
    }

    /// <summary>Decodes an escape sequence and returns its length; 0 if the server rejects it.</summary>
    /// <param name="written">The text after the backslash.</param>
    /// <param name="buffer">Receives the character.</param>
    private static int Unescape(ReadOnlySpan<char> written, StringBuilder buffer)
    {
        if (written.IsEmpty)
            return 0;
        var digits = written[0] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
            return Append(written[1..], digits, buffer) ? 1 + digits : 0;
        var character = written[0] switch
        {
            '0' => '\0',
            'a' => '\a',
            'b' => '\b',
            't' or '\t' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            'e' => '\u001B',
            ' ' or '"' or '\\' => written[0],
            'N' => '\u0085',
            '_' => '\u00A0',
            'L' => '\u2028',
            'P' => '\u2029',
            _ => (char?)null,
        };
        if (character is not { } known)
            return 0;
        buffer.Append(known);
        return 1;
    }

    private static bool Append(ReadOnlySpan<char> written, int digits, StringBuilder buffer)
    {
        if (written.Length < digits
            || !uint.TryParse(
                written[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.TryCreate(code, out var rune))
        {
            return false;
        }

        System.Span<char> encoded = stackalloc char[2];
        buffer.Append(encoded[..rune.EncodeToUtf16(encoded)]);
        return true;
    }
}
