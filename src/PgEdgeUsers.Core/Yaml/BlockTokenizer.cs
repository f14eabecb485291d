using System.Buffers;
using System.Text;
using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Tokens of mappings in block style, several times faster than a YAML parser: keys and values on one line, quoted or not, block
/// scalars, comments, any indentation. This is how the server and most people write. All else, including what is no YAML, is left
/// to <see cref="EventTokenizer"/>; where this reads a text, both give the same tokens.
/// </summary>
/// <exception cref="NotBlockStyleException">From <see cref="TokenSource.Next"/>, at anything else.</exception>
internal sealed class BlockTokenizer(string text) : TokenSource
{
    /// <summary>The longest key with its colon that the server's parser reads.</summary>
    private const int MaxKeyLength = 1024;

    /// <summary>Line breaks that editors do not show, and what the server's parser refuses anyway.</summary>
    private static readonly SearchValues<char> OtherBreaks = SearchValues.Create("\0\u0085\u2028\u2029\uFEFF");

    /// <summary>What a plain scalar does not begin with.</summary>
    private static readonly SearchValues<char> Indicators = SearchValues.Create(" \t,[]{}#&*!|>'\"%@`");

    /// <summary>What can end a plain scalar.</summary>
    private static readonly SearchValues<char> PlainStops = SearchValues.Create(":#\t");

    private readonly Stack<int> _columns = [];
    private readonly StringBuilder _buffer = new();
    private int _position;
    private int _column;
    private int _end;
    private bool _isAtFirstKey;

    protected override void ReadMore()
    {
        if (_columns.Count == 0)
        {
            Start();
            return;
        }

        while (_column < _columns.Peek())
        {
            _columns.Pop();
            Add(new Token(TokenKind.MappingEnd, Span.At(_end)));
            if (_columns.Count > 0)
                continue;
            Require(_column < 0);
            Add(new Token(TokenKind.End, Span.At(text.Length)));
            return;
        }

        Require(_column == _columns.Peek());
        if (_isAtFirstKey)
            Add(new Token(TokenKind.MappingStart, Span.At(_position)) { Column = _column });
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

    /// <summary>Begins a mapping, of which the start is added with the first key: before, it could be something else.</summary>
    private void PushMapping()
    {
        _columns.Push(_column);
        _isAtFirstKey = true;
    }

    private void ReadPair()
    {
        var lineEnd = Lines.End(text, _position);
        var key = IsQuote(text[_position]) ? ReadQuoted(_position, lineEnd) : ReadPlainKey(_position, lineEnd);
        var colon = Lines.SkipSpaces(text, key.Span.End);
        Require(colon < lineEnd && text[colon] == ':' && colon - _position < MaxKeyLength);
        _end = colon + 1;
        var value = Lines.SkipSpaces(text, _end);
        Require(value > _end || value == lineEnd);
        Add(key);
        Add(new Token(TokenKind.Colon, new Span(colon, _end)));
        if (value == lineEnd || text[value] == '#')
            ReadMappingOrNothing(lineEnd);
        else
            ReadValue(value, lineEnd);
    }

    private void ReadMappingOrNothing(int lineEnd)
    {
        MoveToContent(Lines.Next(text, lineEnd));
        if (_column > _columns.Peek())
        {
            AddLineEnd(lineEnd);
            PushMapping();
        }
        else
        {
            // A list as a value may be indented like its key.
            Require(_column < _columns.Peek() || text[_position] != '-');
            Add(new Token(TokenKind.Scalar, Span.At(_end)) { Style = ScalarStyle.Plain });
            AddLineEnd(lineEnd);
        }
    }

    private void ReadValue(int start, int lineEnd)
    {
        Token value;
        if (text[start] is '|' or '>')
        {
            value = BlockScalar.TryRead(text, start, lineEnd, _columns.Peek(), _buffer) ?? throw new NotBlockStyleException();
            lineEnd = value.Span.End;
        }
        else
        {
            value = IsQuote(text[start]) ? ReadQuoted(start, lineEnd) : ReadPlain(start, lineEnd);
            var rest = Lines.SkipSpaces(text, value.Span.End);
            Require(rest == lineEnd || (text[rest] == '#' && rest > value.Span.End));
        }

        _end = value.Span.End;
        Add(value);
        AddLineEnd(lineEnd);
        MoveToContent(Lines.Next(text, lineEnd));
        // What is indented more goes on with the value, or is an error.
        Require(_column <= _columns.Peek());
    }

    private Token ReadQuoted(int start, int lineEnd) =>
        QuotedScalar.TryRead(text, start, lineEnd, _buffer) ?? throw new NotBlockStyleException();

    private Token ReadPlainKey(int start, int lineEnd)
    {
        var line = text.AsSpan(start, lineEnd - start);
        Require(CanBePlain(line) && line[0] is not ('?' or ':') && !line.StartsWith("---") && !line.StartsWith("..."));
        for (var at = 0; ; at++)
        {
            var length = line[at..].IndexOfAny(PlainStops);
            Require(length >= 0);
            at += length;
            if (EndsKey(line[at..]))
                return Plain(start, line[..at]);
            Require(line[at] != '\t' && !(line[at] == '#' && line[at - 1] == ' '));
        }
    }

    private Token ReadPlain(int start, int lineEnd)
    {
        var line = text.AsSpan(start, lineEnd - start);
        Require(CanBePlain(line));
        for (var at = 0; ; at++)
        {
            var length = line[at..].IndexOfAny(PlainStops);
            if (length < 0)
                return Plain(start, line);
            at += length;
            if (line[at] == '#' && line[at - 1] == ' ')
                return Plain(start, line[..at]);
            Require(line[at] != '\t' && !EndsKey(line[at..]));
        }
    }

    private Token Plain(int start, ReadOnlySpan<char> written)
    {
        var length = written.TrimEnd(' ').Length;
        return new Token(TokenKind.Scalar, new Span(start, start + length))
        {
            Style = ScalarStyle.Plain, Value = text.AsMemory(start, length),
        };
    }

    private static bool CanBePlain(ReadOnlySpan<char> line) =>
        !Indicators.Contains(line[0]) && !(line[0] is '-' or '?' or ':' && (line.Length == 1 || line[1] is ' ' or '\t'));

    private static bool EndsKey(ReadOnlySpan<char> rest) => rest[0] == ':' && (rest.Length == 1 || rest[1] == ' ');

    private static bool IsQuote(char c) => c is '\'' or '"';

    /// <summary>Moves to the first line from a position on that has more than spaces and a comment.</summary>
    private void MoveToContent(int lineStart)
    {
        while (lineStart < text.Length)
        {
            _position = Lines.SkipSpaces(text, lineStart);
            if (_position == text.Length)
                break;
            if (text[_position] is not ('#' or '\r' or '\n'))
            {
                Require(text[_position] != '\t');
                _column = _position - lineStart;
                return;
            }

            lineStart = Lines.Next(text, Lines.End(text, _position));
        }

        _column = -1;
    }

    private void AddLineEnd(int lineEnd) => Add(new Token(TokenKind.LineEnd, new Span(lineEnd, Lines.Next(text, lineEnd))));

    private static void Require(bool isBlockStyle)
    {
        if (!isBlockStyle)
            throw new NotBlockStyleException();
    }
}
