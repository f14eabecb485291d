using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>The forms of scalars that the server's parser rejects or reads differently from YamlDotNet.</summary>
internal static class EventScalar
{
    /// <summary>The characters that may follow a backslash in double quotes.</summary>
    private const string Escapes = "0abt\tnvfre \"\\N_LPxuU\r\n";

    /// <summary>The reason why the server would not read a scalar like YamlDotNet; null if it would.</summary>
    /// <param name="scalar">The scalar, which must not be empty.</param>
    /// <param name="text">The text, starting at the scalar.</param>
    /// <param name="length">The length of the scalar's text.</param>
    /// <param name="isFlow">Whether it is in flow style.</param>
    public static string? Problem(
        Scalar scalar, ReadOnlySpan<char> text, int length, bool isFlow) => scalar.Style switch
    {
        ScalarStyle.Plain when !IsPlain(text, length, isFlow) => "there is a value that must be in quotes",
        ScalarStyle.DoubleQuoted => EscapeProblem(text[..length]),
        ScalarStyle.Literal or ScalarStyle.Folded => BlockProblem(text[..length]),
        _ => null,
    };

    /// <summary>
    /// The length of a scalar's text. For a block scalar, YamlDotNet includes the last line break and blank lines after
    /// it, which belong to the scalar only if its chomping indicator keeps them.
    /// </summary>
    public static int Length(ReadOnlySpan<char> written)
    {
        if (written[..Math.Min(written.Length, 3)].Contains('+'))
            return written.Length - (written is [.., '\r', '\n'] ? 2 : written is [.., '\n'] ? 1 : 0);
        var content = written.TrimEnd(" \r\n").Length;
        var lineBreak = written[content..].IndexOfAny(DocumentText.LineBreaks);
        return lineBreak < 0 ? written.Length : content + lineBreak;
    }

    /// <summary>The rest of the first line of a block scalar after its indicators; empty for other scalars.</summary>
    public static Span HeaderRest(Scalar scalar, Span span, ReadOnlySpan<char> written)
    {
        if (!IsBlock(scalar))
            return default;
        var lineBreak = written.IndexOfAny(DocumentText.LineBreaks);
        return new Span(
            span.Start + BlockScalar.IndicatorsLength(written), lineBreak < 0 ? span.End : span.Start + lineBreak);
    }

    private static bool IsBlock(Scalar scalar) => scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;

    private static bool IsPlain(ReadOnlySpan<char> text, int length, bool isFlow)
    {
        if (",[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal)
            || (isFlow && (text[0] == ':' || text[..length].Contains('?'))))
        {
            return false;
        }

        for (var at = text[..length].IndexOf(':'); at >= 0; at = text[..length].IndexOf(':'))
        {
            text = text[(at + 1)..];
            length -= at + 1;
            if (text.IsEmpty || DocumentText.Whitespace.Contains(text[0]))
                return false;
        }

        return true;
    }

    private static string? EscapeProblem(ReadOnlySpan<char> written)
    {
        for (var at = written.IndexOf('\\'); at >= 0; at = written.IndexOf('\\'))
        {
            var next = written[at + 1];
            if (!Escapes.Contains(next, StringComparison.Ordinal))
                return $"the server's YAML has no escape '\\{VisibleText.Of(next.ToString())}'";
            var digits = next switch
            {
                'u' => written.Slice(at + 2, 4),
                'U' when written.Slice(at + 2, 4) is "0000" => written.Slice(at + 6, 4),
                _ => [],
            };
            if (ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && char.IsSurrogate((char)code))
            {
                return "a character is written as a surrogate pair, which the server rejects";
            }

            written = written[(at + 2)..];
        }

        return null;
    }

    private static string? BlockProblem(ReadOnlySpan<char> written)
    {
        var header = written[..(written.IndexOfAny(DocumentText.LineBreaks) + 1)];
        var lines = written[header.Length..];
        var content = lines.TrimStart(" \r\n\u0085\u2028\u2029");
        if (content is ['\t', ..] && !header[..Math.Min(header.Length, 3)].ContainsAnyInRange('1', '9'))
            return "a text begins with a tab, which the server reads as indentation";
        return lines.Length - content.Length > BlockScalar.MaxLead
            ? $"a text begins with more than {BlockScalar.MaxLead} spaces"
            : null;
    }
}
