using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Tokenizes any YAML text from YamlDotNet's events. It rejects what the server's parser rejects and what two parsers
/// could interpret differently: anchors, aliases, tags, directives, more than one document.
/// </summary>
/// <exception cref="DocumentException">From <see cref="TokenSource.Next"/>.</exception>
internal sealed class EventTokenizer : TokenSource
{
    /// <summary>The longest key, including its colon, that the server's parser accepts.</summary>
    private const int MaxKeyLength = 1024;

    private const string AsTheServer = "Write it as the server does.";
    private const string FromCopy = "Correct the line, or restore the file from a copy.";

    private readonly string _text;
    private readonly int _start;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly GapReader _gaps;
    private readonly Stack<Collection> _collections = [];
    private ParsingEvent _event = new StreamStart();
    private bool _isDocumentEnded;

    public EventTokenizer(string text)
    {
        _text = text;
        _start = DocumentText.StartOf(text);
        _scanner = new Scanner(new StringReader(text[_start..]));
        _parser = new Parser(_scanner);
        _gaps = new GapReader(text);
    }

    protected override void ReadMore()
    {
        MoveNext();
        if (_isDocumentEnded && _event is not StreamEnd)
            throw Refuse("there is a second document, which the server would not read", "Keep one document.");
        switch (_event)
        {
            case StreamStart or DocumentStart { IsImplicit: true }:
                break;
            case DocumentStart:
                PassMark("---");
                break;
            case DocumentEnd end:
                _isDocumentEnded = true;
                if (!end.IsImplicit)
                    PassMark("...");
                break;
            case StreamEnd:
                _gaps.Pass(Span.At(_text.Length));
                Add(new Token(TokenKind.End, Span.At(_text.Length)));
                break;
            case MappingEnd or SequenceEnd:
                End(_collections.Pop());
                break;
            default:
                BeginNode();
                AddNode();
                break;
        }
    }

    private void PassMark(string mark)
    {
        var span = new Span(Start(_event), Start(_event) + mark.Length);
        if (!_text.AsSpan(span.Start).StartsWith(mark))
            throw Refuse("there is a % directive", "Remove the directive; the server's own files have none.");
        _gaps.Pass(span);
    }

    private void End(Collection collection)
    {
        var kind = collection.IsMapping ? TokenKind.MappingEnd : TokenKind.SequenceEnd;
        if (!collection.IsFlow)
        {
            Add(new Token(kind, Span.At(_gaps.End)));
            return;
        }

        if (collection.HasItems)
            TryAddComma();
        _gaps.Close(Start(_event));
        Add(new Token(kind, Span.At(_gaps.End)) { LineBreak = PassLineBreak() });
    }

    /// <summary>Consumes the indicators before a node: those that end the previous node, and its own.</summary>
    private void BeginNode()
    {
        if (!_collections.TryPeek(out var collection))
            return;
        if (collection.Key is { } key)
        {
            AddKey(key, collection.KeyMark is not null);
            collection.Key = null;
            return;
        }

        if (collection.IsFlow && collection.HasItems && !TryAddComma())
            throw Refuse("a ',' is missing", AsTheServer);
        collection.HasItems = true;
        if (collection.IsMapping)
        {
            collection.StartsLine = _gaps.IsAtLineStart;
            collection.KeyMark = _gaps.TryPass('?') ? _gaps.End - 1 : null;
            collection.IsAtKey = true;
        }
        else if (!collection.IsFlow)
        {
            _gaps.Pass('-');
        }
    }

    /// <summary>Adds a key as soon as it is known whether it has a colon.</summary>
    private void AddKey(Token key, bool isExplicit)
    {
        if (!_gaps.TryPass(':'))
        {
            if (_event is not Scalar { Value: "", Style: ScalarStyle.Plain })
                throw Refuse($"there is no ':' after the key '{Shown(key)}'", AsTheServer);
            Add(key);
            return;
        }

        var written = _text.AsSpan(key.Span.Start, _gaps.End - key.Span.Start);
        if (!isExplicit && (written.Length > MaxKeyLength || written.ContainsAny(DocumentText.LineBreaks)))
            throw Refuse("a key is too long or on more than one line", AsTheServer);
        if (key.IsPlain && _gaps.End < _text.Length && !DocumentText.Whitespace.Contains(_text[_gaps.End]))
            throw Refuse($"there is no space after the ':' of the key '{Shown(key)}'", "Put a space there.");
        Add(key with { ColonEnd = _gaps.End });
    }

    private void AddNode()
    {
        if (_event is AnchorAlias)
            throw Refuse("there is an alias '*'", "Write the value in full.");
        if (_event is not NodeEvent node)
            throw Refuse("a value is missing", AsTheServer);
        if (!node.Anchor.IsEmpty)
            throw Refuse("there is an anchor '&'", "Remove the anchor and write the values out.");
        var start = Start(node);
        if (start < _text.Length && _text[start] == '!')
            throw Refuse("there is a tag '!'", "Remove the tag.");
        switch (node)
        {
            case Scalar scalar:
                AddScalar(scalar, start);
                break;
            case MappingStart mapping:
                AddStart(TokenKind.MappingStart, start, mapping.Style == MappingStyle.Flow);
                break;
            case SequenceStart sequence:
                AddStart(TokenKind.SequenceStart, start, sequence.Style == SequenceStyle.Flow);
                break;
        }
    }

    private void AddScalar(Scalar scalar, int start)
    {
        // The parser may place a value that is not written on a later line.
        var span = Span.At(_gaps.End);
        if (scalar is not { Value: "", Style: ScalarStyle.Plain })
        {
            var written = _text.AsSpan(start, (int)scalar.End.Index + _start - start);
            span = new Span(start, start + EventScalar.Length(written));
            _gaps.Pass(span);
            if (EventScalar.Problem(scalar, _text.AsSpan(start), written.Length, _gaps.IsFlow) is { } problem)
                throw Refuse(problem, "Write it as the server does, or in double quotes.");
        }

        var token = new Token(TokenKind.Scalar, span)
        {
            Style = scalar.Style,
            Decoded = scalar.Value,
            HeaderRest = EventScalar.HeaderRest(scalar, span, _text.AsSpan(span.Start, span.Length)),
        };
        if (TakeKeyPosition() is not { } collection)
        {
            Add(token with { LineBreak = PassLineBreak() });
            return;
        }

        if (span.IsEmpty)
            throw RefuseKey();
        collection.Key = token with
        {
            Kind = TokenKind.Key,
            Span = new Span(collection.KeyMark ?? span.Start, span.End),
            StartsLine = collection.StartsLine,
        };
    }

    /// <summary>In block style, consumes the rest of the line and returns the line break.</summary>
    private Span PassLineBreak()
    {
        if (!_gaps.IsFlow)
            _gaps.PassWhitespace();
        return _gaps.LineBreak;
    }

    private void AddStart(TokenKind kind, int start, bool isFlow)
    {
        if (TakeKeyPosition() is not null)
            throw RefuseKey();
        if (isFlow && _text[start] is not ('{' or '['))
            throw Refuse("a pair is in a list without braces", "Put braces around it.");
        if (isFlow)
            _gaps.Open(start);
        else
            _gaps.Pass(Span.At(start));
        _collections.Push(new Collection(kind == TokenKind.MappingStart, isFlow));
        Add(new Token(kind, new Span(start, _gaps.End))
        {
            IsFlow = isFlow,
            Column = (int)_event.Start.Column - 1,
            StartsLine = _gaps.IsAtLineStart,
        });
    }

    /// <summary>The mapping that the current node is a key of.</summary>
    private Collection? TakeKeyPosition()
    {
        if (!_collections.TryPeek(out var collection) || !collection.IsAtKey)
            return null;
        collection.IsAtKey = false;
        return collection;
    }

    private bool TryAddComma()
    {
        if (!_gaps.TryPass(','))
            return false;
        Add(new Token(TokenKind.Comma, new Span(_gaps.End - 1, _gaps.End)));
        return true;
    }

    private void MoveNext()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (YamlException e)
        {
            // The parser reports where the current construct begins, which can be several lines above the tab.
            var end = (int)(e.End.Index > 0 ? e.End : _scanner.CurrentPosition).Index + _start;
            if (!_gaps.IsFlow && IsIndentedWithTab(end))
                throw DocumentException.At(_text, end, "there is a tab in the indentation", "Indent with spaces.");
            var position = e.Start.Index > 0 ? (int)e.Start.Index + _start : end;
            throw DocumentException.At(_text, position, Reason(e), FromCopy);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Bugs of the parser on malformed text. For the caller, the text is unreadable YAML.
            throw DocumentException.At(_text, (int)_scanner.CurrentPosition.Index + _start, "it is not YAML", FromCopy);
        }

        _event = _parser.Current!;
    }

    /// <summary>
    /// Whether a position is in or right after the indentation of a line, and the indentation contains a tab.
    /// </summary>
    private bool IsIndentedWithTab(int position)
    {
        var line = _text.AsSpan(_text.LastIndexOf('\n', Math.Max(position - 1, 0)) + 1);
        var indentation = line[..(line.IndexOfAnyExcept(' ', '\t') is var length and >= 0 ? length : line.Length)];
        return position <= _text.Length - line.Length + indentation.Length && indentation.Contains('\t');
    }

    private static string Reason(YamlException e)
    {
        var message = e.Message.TrimEnd('.');
        return "it is not YAML: " + char.ToLower(message[0], CultureInfo.InvariantCulture) + message[1..];
    }

    private static string Shown(in Token key) => VisibleText.BeginningOf(key.Decoded!);

    private DocumentException RefuseKey() => Refuse("a key is not a single value", "Use plain names as keys.");

    private DocumentException Refuse(string reason, string remedy) =>
        DocumentException.At(_text, Start(_event), reason, remedy);

    private int Start(ParsingEvent e) => (int)e.Start.Index + _start;

    /// <summary>A mapping or sequence that has not ended yet.</summary>
    private sealed class Collection(bool isMapping, bool isFlow)
    {
        public bool IsMapping { get; } = isMapping;

        public bool IsFlow { get; } = isFlow;

        public bool HasItems { get; set; }

        /// <summary>Whether the next node is a key.</summary>
        public bool IsAtKey { get; set; }

        /// <summary>The position of the <c>?</c> before the key.</summary>
        public int? KeyMark { get; set; }

        /// <summary>Whether only whitespace precedes the key on its line.</summary>
        public bool StartsLine { get; set; }

        /// <summary>The key whose value is the next node.</summary>
        public Token? Key { get; set; }
    }
}
