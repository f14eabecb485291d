using System.Text;
using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>Literal (<c>|</c>) and folded (<c>&gt;</c>) scalars.</summary>
internal static class BlockScalar
{
    /// <summary>
    /// The most whitespace before the content. With more, YamlDotNet's buffer is too short and it garbles the text.
    /// </summary>
    public const int MaxLead = 1000;

    /// <summary>Reads a scalar; null if parsers could interpret its lines differently.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The position of its first indicator.</param>
    /// <param name="column">The column of its key.</param>
    /// <param name="content">A buffer for joining the lines.</param>
    public static Token? TryRead(string text, int start, int column, StringBuilder content)
    {
        var lineEnd = Lines.End(text, start);
        if (!TryReadHeader(text.AsSpan(start, lineEnd - start), out var length, out var indentation, out var chomping))
            return null;
        var headerRest = new Span(start + length, lineEnd);
        if (indentation > 0)
            indentation += column;
        content.Clear();
        var isFolded = text[start] == '>';
        var (end, blankLines, deepestBlank, isIndented) = (0, 0, 0, false);
        for (var line = Lines.Next(text, lineEnd); line < text.Length; line = Lines.Next(text, lineEnd))
        {
            var first = Lines.SkipSpaces(text, line);
            if (first == text.Length)
                return null;
            if (text[first] is '\r' or '\n')
            {
                deepestBlank = Math.Max(deepestBlank, first - line);
                blankLines++;
                lineEnd = first;
                continue;
            }

            if (end == 0)
            {
                if (indentation == 0 && ((indentation = first - line) <= column || text[first] == '\t'))
                    return null;
                if (first - headerRest.End > MaxLead)
                    return null;
            }

            if (first - line < indentation)
                break;
            lineEnd = Lines.End(text, first);
            if (lineEnd == text.Length)
                return null;
            var wasIndented = isIndented;
            isIndented = text[line + indentation] is ' ' or '\t';
            AppendBreak(content, isFirst: end == 0, isFolded && !wasIndented && !isIndented, blankLines);
            content.Append(text, line + indentation, lineEnd - line - indentation);
            (end, blankLines) = (lineEnd, 0);
        }

        if (end == 0 || deepestBlank > indentation)
            return null;
        if (chomping != '-')
            content.Append('\n');
        if (chomping == '+')
            content.Append('\n', blankLines);
        return new Token(TokenKind.Scalar, new Span(start, chomping == '+' ? lineEnd : end))
        {
            Style = isFolded ? ScalarStyle.Folded : ScalarStyle.Literal,
            Decoded = content.ToString(),
            HeaderRest = headerRest,
        };
    }

    /// <summary>The length of the indicators at the beginning of a block scalar.</summary>
    public static int IndicatorsLength(ReadOnlySpan<char> written)
    {
        var length = 1;
        while (length < written.Length && (written[length] is '+' or '-' || char.IsAsciiDigit(written[length])))
            length++;
        return length;
    }

    private static bool TryReadHeader(ReadOnlySpan<char> header, out int length, out int indentation, out char chomping)
    {
        length = IndicatorsLength(header);
        (indentation, chomping) = (0, ' ');
        foreach (var indicator in header[1..length])
        {
            if (indicator is '+' or '-' && chomping == ' ')
                chomping = indicator;
            else if (indicator is >= '1' and <= '9' && indentation == 0)
                indentation = indicator - '0';
            else
                return false;
        }

        var rest = header[length..].TrimStart(' ');
        return rest.IsEmpty || (rest[0] == '#' && rest.Length < header.Length - length);
    }

    private static void AppendBreak(StringBuilder content, bool isFirst, bool isFolded, int blankLines)
    {
        if (isFolded && !isFirst && blankLines == 0)
            content.Append(' ');
        else
            content.Append('\n', isFirst || isFolded ? blankLines : blankLines + 1);
    }
}
