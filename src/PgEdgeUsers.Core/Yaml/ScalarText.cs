using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>How scalars may be written where the server's parser wants more than ours does, or reads something else.</summary>
internal static class ScalarText
{
    /// <summary>Blanks before a block's text: the parser looks ahead at them, and where they are more than its buffer takes, it mixes up the text.</summary>
    private const int MaxIndent = 1000;

    /// <summary>The characters that may follow a backslash in double quotes.</summary>
    private const string Escapes = "0abt\tnvfre \"\\N_LPxuU\r\n";

    /// <summary>Says why the server would not read the text of a scalar as it was read here; null when it would.</summary>
    /// <param name="scalar">The scalar, not empty.</param>
    /// <param name="text">The text from the scalar on.</param>
    /// <param name="length">The length of the scalar's text.</param>
    /// <param name="isFlow">Whether it stands in braces or brackets.</param>
    public static string? Problem(Scalar scalar, ReadOnlySpan<char> text, int length, bool isFlow) => scalar.Style switch
    {
        ScalarStyle.Plain when !IsPlain(text, length, isFlow) => "there is a value that must stand in quotes",
        ScalarStyle.DoubleQuoted => EscapeProblem(text[..length]),
        ScalarStyle.Literal or ScalarStyle.Folded => BlockProblem(text[..length]),
        _ => null,
    };

    /// <summary>
    /// The length of a scalar's text. Blank lines behind a block are the parser's, but no part of what the block says unless it keeps them.
    /// </summary>
    public static int Length(Scalar scalar, ReadOnlySpan<char> written)
    {
        if (scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded) || written[..Math.Min(written.Length, 3)].Contains('+'))
            return written.Length;
        var lines = written.TrimEnd(" \r\n").Length;
        var lineBreak = written[lines..].IndexOfAny(DocumentText.LineBreaks);
        return lineBreak < 0 ? written.Length : lines + lineBreak + (written[(lines + lineBreak)..] is ['\r', '\n', ..] ? 2 : 1);
    }

    private static bool IsPlain(ReadOnlySpan<char> text, int length, bool isFlow)
    {
        if (",[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal) || (isFlow && (text[0] == ':' || text[..length].Contains('?'))))
            return false;
        for (var at = text[..length].IndexOf(':'); at >= 0; at = text[..length].IndexOf(':'))
        {
            text = text[(at + 1)..];
            length -= at + 1;
            if (text.IsEmpty || DocumentText.Blanks.Contains(text[0]))
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
                return $"there is the escape '\\{VisibleText.Of(next.ToString())}', which the server's YAML does not have";
            var digits = next switch
            {
                'u' => written.Slice(at + 2, 4),
                'U' when written.Slice(at + 2, 4) is "0000" => written.Slice(at + 6, 4),
                _ => [],
            };
            if (digits is ['d' or 'D', (>= '8' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'), ..])
                return "a character is written as a surrogate pair, which the server refuses";
            written = written[(at + 2)..];
        }

        return null;
    }

    private static string? BlockProblem(ReadOnlySpan<char> written)
    {
        var header = written[..(written.IndexOfAny(DocumentText.LineBreaks) + 1)];
        var lines = written[header.Length..];
        var content = lines.TrimStart(" \r\n\u0085\u2028\u2029");
        return content is ['\t', ..] && !header[..Math.Min(header.Length, 3)].ContainsAnyInRange('1', '9') ? "a text begins with a tab, which the server takes for its indentation"
            : lines.Length - content.Length > MaxIndent ? $"a text begins with more than {MaxIndent} blanks"
            : null;
    }
}
