using System.Buffers;
using System.Text;
using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Tokenizes mappings in block style many times faster than a YAML parser: keys and values on one line, quoted or not,
/// block scalars, comments, any indentation. The server and most people write this style. Anything else, including
/// invalid YAML, is left to <see cref="EventTokenizer" />. For a text that this class reads, both return the same
/// tokens.
/// </summary>
/// <exception cref="NotBlockStyleException">From <see cref="TokenSource.Next"/>, for anything else.</exception>
internal sealed class BlockTokenizer(string text) : TokenSource
{
    /// <summary>The longest key, including its colon, that the server's parser accepts.</summary>
    private const int MaxKeyLength = 1024;

    /// <summary>Line breaks that editors do not show, and characters that the server's parser rejects anyway.</summary>
    private static readonly SearchValues<char> OtherBreaks = SearchValues.Create("\0\u0085\u2028\u2029\uFEFF");

    /// <summary>The characters that can end a plain scalar.</summary>
    private static readonly SearchValues<char> PlainStops = SearchValues.Create(":#\t\n");

    private readonly Stack<int> _columns = [];
    private readonly StringBuilder _buffer = new();
    private int _position;
    private int _column;
    private int _keyColumn;
    private int _end;
    private bool _isAtFirstKey;

    protected override void ReadMore()
    {
        if (_columns.Count == 0)
            Start();
        while (_column < _keyColumn)
        {
            _columns.Pop();
            Add(new Token(TokenKind.MappingEnd, Span.At(_end)));
            if (!_columns.TryPeek(out _keyColumn))
            {
                Require(_column < 0);
                Add(new Token(TokenKind.End, Span.At(text.Length)));
                return;
            }
        }

        // A line with more indentation continues the value before it or is an error.
        Require(_column == _keyColumn);
        if (_isAtFirstKey)
            Add(new Token(TokenKind.MappingStart, Span.At(_position)) { Column = _column, StartsLine = true });
        _isAtFirstKey = false;
        ReadPair();
    }

    private void Start()
    {
        var start = DocumentText.StartOf(text);
        var body = text.AsSpan(start);
        Require(!body.ContainsAny(OtherBreaks) && body.Count('\r') == body.Count("\r\n"));
        MoveToContent(start);
        Require(_column >= 0);
        PushMapping();
    }

    /// <summary>
    /// Begins a mapping. Its start token is added with the first key, because only then it is known to be a mapping.
    /// </summary>
    private void PushMapping()
    {
        _columns.Push(_column);
        _keyColumn = _column;
        _isAtFirstKey = true;
    }

    private void ReadPair()
    {
        var start = _position;
        string? decoded = null;
        var isQuoted = IsQuote(text[start]);
        var keyEnd = isQuoted ? ReadQuoted(start, out decoded) : ReadPlainKey(start);
        var colon = Lines.SkipSpaces(text, keyEnd);
        Require(colon < text.Length && text[colon] == ':' && colon - start < MaxKeyLength);
        _end = colon + 1;
        Add(new Token(TokenKind.Key, new Span(start, keyEnd))
        {
            StartsLine = true,
            ColonEnd = _end,
            Style = isQuoted ? QuotedScalar.Style(text[start]) : ScalarStyle.Plain,
            Decoded = decoded,
        });
        var value = Lines.SkipSpaces(text, _end);
        if (value == text.Length || text[value] is '\r' or '\n' || (text[value] == '#' && value > _end))
        {
            ReadMappingOrNothing(Lines.End(text, value));
            return;
        }

        Require(value > _end);
        if (text[value] is '|' or '>')
            ReadBlock(value);
        else
            ReadValue(value);
    }

    private void ReadMappingOrNothing(int lineEnd)
    {
        var next = Lines.Next(text, lineEnd);
        MoveToContent(next);
        if (_column > _keyColumn)
        {
            PushMapping();
            return;
        }

        Add(new Token(TokenKind.Scalar, Span.At(_end))
        {
            Style = ScalarStyle.Plain, LineBreak = new Span(lineEnd, next),
        });
    }

    private void ReadBlock(int start)
    {
        var value = BlockScalar.TryRead(text, start, _keyColumn, _buffer) ?? throw new NotBlockStyleException();
        _end = value.Span.End;
        Add(value with { LineBreak = EndLine(_end) });
    }

    private void ReadValue(int start)
    {
        string? decoded = null;
        int lineEnd;
        var style = ScalarStyle.Plain;
        if (IsQuote(text[start]))
        {
            style = QuotedScalar.Style(text[start]);
            _end = ReadQuoted(start, out decoded);
            var rest = Lines.SkipSpaces(text, _end);
            lineEnd = Lines.End(text, rest);
            Require(rest == lineEnd || (text[rest] == '#' && rest > _end));
        }
        else
        {
            _end = ReadPlain(start, out lineEnd);
        }

        Add(new Token(TokenKind.Scalar, new Span(start, _end))
        {
            Style = style, Decoded = decoded, LineBreak = EndLine(lineEnd),
        });
    }

    /// <summary>
    /// Moves from the end of a line with a value to the next line with a key, and returns the line break.
    /// </summary>
    private Span EndLine(int lineEnd)
    {
        var next = Lines.Next(text, lineEnd);
        MoveToContent(next);
        return new Span(lineEnd, next);
    }

    private int ReadQuoted(int start, out string? decoded) =>
        QuotedScalar.TryRead(text, start, _buffer, out decoded) is > 0 and var end
            ? end
            : throw new NotBlockStyleException();

    private int ReadPlainKey(int start)
    {
        var line = text.AsSpan(start);
        Require(CanBePlain(line) && line[0] is not ('?' or ':') && !(line.StartsWith("---") || line.StartsWith("...")));
        for (var at = 0; ; at++)
        {
            var length = line[at..].IndexOfAny(PlainStops);
            Require(length >= 0);
            at += length;
            if (EndsKey(line[at..]))
                return start + LengthWithoutEnd(line[..at]);
            Require(line[at] is ':' or '#' && !(line[at] == '#' && line[at - 1] == ' '));
        }
    }

    private int ReadPlain(int start, out int lineEnd)
    {
        var rest = text.AsSpan(start);
        Require(CanBePlain(rest));
        for (var at = 0; ; at++)
        {
            var length = rest[at..].IndexOfAny(PlainStops);
            at = length < 0 ? rest.Length : at + length;
            if (at == rest.Length || rest[at] == '\n' || (rest[at] == '#' && rest[at - 1] == ' '))
            {
                lineEnd = Lines.End(text, start + at);
                return start + LengthWithoutEnd(rest[..at]);
            }

            Require(rest[at] != '\t' && !EndsKey(rest[at..]));
        }
    }

    private static int LengthWithoutEnd(ReadOnlySpan<char> written)
    {
        var length = written.Length;
        while (written[length - 1] is ' ' or '\r')
            length--;
        return length;
    }

    private static bool CanBePlain(ReadOnlySpan<char> rest) =>
        !IsIndicator(rest[0]) && !(rest[0] is '-' or '?' or ':' && IsWhitespaceAt(rest, 1));

    /// <summary>Whether a plain scalar must not begin with a character.</summary>
    private static bool IsIndicator(char c) => c is ' ' or '\t' or ',' or '[' or ']' or '{' or '}'
        or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`';

    private static bool EndsKey(ReadOnlySpan<char> rest) => rest[0] == ':' && IsWhitespaceAt(rest, 1);

    private static bool IsWhitespaceAt(ReadOnlySpan<char> rest, int at) =>
        at == rest.Length || rest[at] is ' ' or '\t' or '\r' or '\n';

    private static bool IsQuote(char c) => c is '\'' or '"';

    /// <summary>Moves to the first line at or after a position that is neither blank nor a comment.</summary>
    private void MoveToContent(int lineStart)
    {
        while ((_position = Lines.SkipSpaces(text, lineStart)) < text.Length)
        {
            if (text[_position] is not ('#' or '\r' or '\n'))
            {
                _column = _position - lineStart;
                return;
            }

            lineStart = Lines.Next(text, Lines.End(text, _position));
        }

        _column = -1;
    }

    private static void Require(bool isBlockStyle)
    {
        if (!isBlockStyle)
            throw new NotBlockStyleException();
    }
}
