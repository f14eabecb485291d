namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Reads mappings from a text's tokens, key by key. It rejects what two YAML readers could interpret differently:
/// duplicate keys and merge keys.
/// </summary>
internal sealed class MappingReader
{
    /// <summary>The maximum depth of nesting. The server's own files have three levels.</summary>
    private const int MaxDepth = 64;

    /// <summary>The largest set of keys that is reused, because clearing a large one is slow.</summary>
    private const int MaxReused = 64;

    private readonly string _text;
    private readonly TokenSource _tokens;
    private readonly HashSet<string>?[] _keys = new HashSet<string>?[MaxDepth + 1];
    private Token _current;
    private int _linesEnd;
    private int _depth;

    public MappingReader(string text, TokenSource tokens)
    {
        _text = text;
        _tokens = tokens;
        MoveNext();
    }

    public ref readonly Token Current => ref _current;

    public void MoveNext()
    {
        if (_current.LineBreak.End > 0)
            _linesEnd = _current.LineBreak.End;
        _current = _tokens.Next();
    }

    /// <summary>Enters the mapping that begins with the current token.</summary>
    public Mapping Begin()
    {
        Enter();
        var mapping = new Mapping(_current.Span.Start, _current.IsFlow, _current.Column, _current.StartsLine);
        MoveNext();
        return mapping;
    }

    /// <summary>
    /// Reads the next key, after which the current token begins its value; false at the end of the mapping.
    /// </summary>
    public bool TryReadKey(ref Mapping mapping, out Key key)
    {
        var comma = default(Span);
        if (_current.Kind == TokenKind.Comma)
        {
            comma = _current.Span;
            MoveNext();
        }

        if (_current.Kind == TokenKind.MappingEnd)
        {
            key = default;
            return false;
        }

        if (_current.IsPlain && _current.ValueIn(_text) is "<<")
            throw Refuse("there is a merge key '<<'", "Write the merged fields out.");
        key = new Key(_current, _current.StartsLine ? _current.Span.Start - mapping.Column : null, comma);
        mapping.Count++;
        MoveNext();
        return true;
    }

    /// <summary>The decoded text of a key.</summary>
    public string TextOf(in Key key) => key.Token.ValueIn(_text).ToString();

    /// <summary>Leaves a mapping at its end token.</summary>
    public MappingSpans End(in Mapping mapping)
    {
        var span = new Span(mapping.Start, _current.Span.End);
        _depth--;
        MoveNext();
        return new MappingSpans(span, mapping.IsFlow, mapping.Column, mapping.StartsLine, mapping.Count);
    }

    /// <summary>Skips a value, with the checks that the server applies to all values.</summary>
    public void SkipNode()
    {
        switch (_current.Kind)
        {
            case TokenKind.MappingStart:
                var mapping = Begin();
                while (TryReadKey(ref mapping, out var key))
                {
                    RequireNew(key, TextOf(key));
                    SkipNode();
                }

                End(mapping);
                break;
            case TokenKind.SequenceStart:
                Enter();
                MoveNext();
                while (_current.Kind != TokenKind.SequenceEnd)
                {
                    if (_current.Kind == TokenKind.Comma)
                        MoveNext();
                    else
                        SkipNode();
                }

                _depth--;
                MoveNext();
                break;
            default:
                MoveNext();
                break;
        }
    }

    /// <summary>Reads an empty or null value; null if the current token is something else.</summary>
    public NodeSpans? TryReadNull()
    {
        if (!_current.IsNullIn(_text))
            return null;
        var span = _current.Span;
        MoveNext();
        return new NodeSpans(span, null, _linesEnd);
    }

    /// <summary>Remembers a key of the current mapping.</summary>
    /// <exception cref="DocumentException">The mapping already has the key.</exception>
    public void RequireNew(in Key key, string name)
    {
        if (!(_keys[_depth] ??= new(StringComparer.Ordinal)).Add(name))
            throw RefuseTwice(key, name);
    }

    /// <summary>Whether the current mapping has a key that was remembered.</summary>
    public bool IsRemembered(string name) => _keys[_depth] is { } keys && keys.Contains(name);

    /// <summary>The spans of a mapping that has just been read.</summary>
    public NodeSpans NodeOf(MappingSpans mapping) => new(mapping.Span, mapping, _linesEnd);

    /// <summary>The spans of a pair whose value has just been read.</summary>
    public PairSpans PairOf(in Key key, int valueEnd) => new(
        new Span(key.Token.Span.Start, Math.Max(key.Token.Span.End, valueEnd)),
        key.Token.Span,
        key.Token.ColonEnd,
        key.LineStart is { } lineStart ? new Span(lineStart, _linesEnd) : default,
        key.CommaBefore,
        _current.Kind == TokenKind.Comma ? WithSpace(_current.Span) : default);

    public DocumentException RefuseTwice(in Key key, string name) => DocumentException.At(
        _text,
        key.Token.Span.Start,
        $"the key '{VisibleText.BeginningOf(name)}' appears twice",
        "Remove one of the two.");

    /// <summary>An exception for the current token.</summary>
    public DocumentException Refuse(string reason, string remedy) =>
        DocumentException.At(_text, _current.Span.Start, reason, remedy);

    private void Enter()
    {
        if (_depth == MaxDepth)
            throw Refuse($"it is nested more than {MaxDepth} levels deep", "Remove the nested content.");
        _depth++;
        if (_keys[_depth] is { Count: > MaxReused })
            _keys[_depth] = null;
        _keys[_depth]?.Clear();
    }

    /// <summary>A comma with the space after it, unless a comment follows, which needs the space.</summary>
    private Span WithSpace(Span comma) =>
        _text.AsSpan(comma.End) is [' ', not '#', ..] ? new Span(comma.Start, comma.End + 1) : comma;

    /// <summary>A mapping whose keys are being read.</summary>
    public struct Mapping(int start, bool isFlow, int column, bool startsLine)
    {
        public readonly int Start => start;

        public readonly bool IsFlow => isFlow;

        public readonly int Column => column;

        public readonly bool StartsLine => startsLine;

        public int Count { get; set; }
    }

    /// <summary>A key.</summary>
    /// <param name="Token">The key itself.</param>
    /// <param name="LineStart">The start of its line, if only whitespace precedes it there.</param>
    /// <param name="CommaBefore">The comma before it; empty if there is none.</param>
    public readonly record struct Key(Token Token, int? LineStart, Span CommaBefore);
}
