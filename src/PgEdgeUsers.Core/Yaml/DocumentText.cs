using System.Buffers;
using System.Text;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Converts between the bytes of a user file and its text. The conversion is lossless and rejects what the server
/// rejects.
/// </summary>
internal static class DocumentText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The characters that the server's YAML reader rejects, including a byte order mark after the first character.
    /// </summary>
    private static readonly SearchValues<char> Refused = SearchValues.Create(
    [
        .. Range(0x00, 0x08), .. Range(0x0B, 0x0C), .. Range(0x0E, 0x1F), .. Range(0x7F, 0x84), .. Range(0x86, 0x9F),
        '\uFEFF', '\uFFFE', '\uFFFF',
    ]);

    /// <summary>All line breaks of YAML.</summary>
    public static SearchValues<char> LineBreaks { get; } = SearchValues.Create("\r\n\u0085\u2028\u2029");

    /// <summary>All whitespace of YAML, which is less than Unicode's.</summary>
    public static SearchValues<char> Whitespace { get; } = SearchValues.Create(" \t\r\n\u0085\u2028\u2029");

    /// <summary>Decodes UTF-8. A byte order mark at the beginning is kept as the first character.</summary>
    /// <exception cref="DocumentException">
    /// The bytes are not UTF-8, or contain a character that the server's reader rejects.
    /// </exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DocumentException(1, "the file is UTF-16", "Save it as UTF-8.");
        string text;
        try
        {
            text = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes[..Math.Max(0, e.Index)].Count((byte)'\n');
            throw new DocumentException(line, "there are bytes that are not UTF-8", "Save the file as UTF-8.");
        }

        var start = StartOf(text);
        var refused = text.AsSpan(start).IndexOfAny(Refused);
        return refused < 0
            ? text
            : throw DocumentException.At(
                text,
                start + refused,
                $"the character U+{(int)text[start + refused]:X4} is not allowed in YAML",
                "Remove it.");
    }

    /// <summary>Encodes as UTF-8; the exact inverse of <see cref="Decode"/>.</summary>
    public static byte[] Encode(string text) => Utf8.GetBytes(text);

    /// <summary>The position at which the YAML begins, after a byte order mark.</summary>
    public static int StartOf(string text) => text is ['\uFEFF', ..] ? 1 : 0;

    private static IEnumerable<char> Range(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
