using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Walks the parser's events and takes from them what the server takes: values by its rules, and the place of each in the text.
/// What the server refuses is refused, and so is what two YAML readers could take in two ways: anchors, aliases,
/// merge keys, tags, directives, further documents.
/// </summary>
internal sealed class UserDocumentReader
{
    /// <summary>The longest key, quotes and colon among it, as the server's parser has it.</summary>
    public const int MaxKeyLength = 1024;

    /// <summary>Levels of nesting. The server's own files have three.</summary>
    private const int MaxDepth = 64;

    /// <summary>The largest set of keys that is used again for another mapping.</summary>
    private const int MaxReused = 64;

    private readonly string _text;
    private readonly bool _keepsNullEntries;
    private readonly int _start;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly TextBetween _between;
    private readonly UserFields _fields = new();
    private readonly UserEntries _entries;
    private readonly List<NullEntry> _nullEntries = [];
    private readonly HashSet<string>?[] _keys = new HashSet<string>?[MaxDepth];
    private ParsingEvent _current = new StreamStart();
    private Span _place;
    private int _itemStart;
    private bool _isExplicitKey;
    private int _depth;

    public UserDocumentReader(string text, bool keepsNullEntries)
    {
        _text = text;
        _keepsNullEntries = keepsNullEntries;
        _start = DocumentText.StartOf(text);
        _entries = new UserEntries(text);
        _scanner = new Scanner(new StringReader(text[_start..]));
        _parser = new Parser(_scanner);
        _between = new TextBetween(text);
    }

    public UserDocument Read()
    {
        Next();
        Next();
        NodePlace root = new(0, null, null);
        NodePlace? users = null;
        if (_current is DocumentStart start)
        {
            if (!start.IsImplicit)
                PassMark("---");
            Next();
            TakeNode();
            root = ReadMappingOrNull(0, null, key =>
            {
                if (key.Value == "users")
                    users = ReadMappingOrNull(TakeValue(key), "users", ReadUser);
                else
                    SkipValue(key);
            });
            Next();
            RefuseCutOff();
            if (_current is not DocumentEnd end)
                throw Refuse("there is more after the end of the document", "Remove it.");
            if (!end.IsImplicit)
                PassMark("...");
            Next();
        }

        if (_current is not StreamEnd)
            throw Refuse("there is a second document after '---' or '...', which the server would not read", "Keep one document.");
        _between.Pass(_text.Length, _text.Length);
        return new UserDocument(_text, root, users, _entries) { NullEntries = _nullEntries };
    }

    private void PassMark(string mark)
    {
        var at = Start(_current);
        if (!_text.AsSpan(at).StartsWith(mark, StringComparison.Ordinal))
            throw Refuse("it has a % directive", "Remove the directive; the server's own files have none.");
        _between.Pass(at, at + mark.Length);
    }

    /// <summary>
    /// The server writes the file in place and failed_attempts last, so a file that ends in the middle of a user is one
    /// that is being written or was cut off. Read as it stands, the user would be disabled or without a password.
    /// </summary>
    private void RefuseCutOff()
    {
        if (_entries.InOrder is not [.., { Body: { IsFlow: false } body } last] || body.Span.End != _between.End)
            return;
        var attempts = last[Field.FailedAttempts];
        var rest = _text.AsSpan(attempts.Value.End);
        // Of the digits 12 the first is a number, too; a 0 is no beginning of another.
        if (attempts.IsMissing || (attempts.Value.IsEmpty ? !rest.Contains('\n') : rest.IsEmpty && last.Account.FailedAttempts != 0))
        {
            throw new DocumentException(
                last.Line,
                $"the last user, '{VisibleText.BeginningOf(last.Account.Name)}', ends before failed_attempts or within it: the file looks cut off, or is being written",
                "Restore it from a copy; or, if the user is complete, end it with the line 'failed_attempts: 0'.");
        }
    }

    private void ReadUser(Scalar key)
    {
        var name = new Span(_itemStart, _place.End);
        if (ServerValues.IsNull(key))
        {
            // The server drops such an entry without a word, so to us, too, it is no user.
            SkipValue(key);
            return;
        }

        _fields.Clear();
        var body = ReadMappingOrNull(TakeValue(key), key.Value, ReadField);
        if (body.Mapping is not { } mapping)
        {
            if (_keepsNullEntries)
            {
                _nullEntries.Add(new NullEntry(key.Value, Line(key), new Span(name.Start, Math.Max(name.End, body.Null!.Value.End))));
                return;
            }

            throw new DocumentException(
                Line(key),
                $"user '{VisibleText.BeginningOf(key.Value)}' has nothing in it, which makes the server crash",
                "Restore the user's fields, or remove the line; Repair-PgEdgeUserFile does so.");
        }

        _ = _entries.TryAdd(new UserEntry(_fields.Account(key.Value), Line(key), name, mapping, _fields.Places));
    }

    private void ReadField(Scalar key)
    {
        if (FieldText.Named(key.Value) is not { } field)
        {
            SkipValue(key);
            return;
        }

        var keyEnd = TakeValue(key);
        if (_current is not Scalar value)
            throw Refuse($"{key.Value} is not a single value", "Write it as the server does.");
        _fields.Add(field, value, keyEnd, _place);
    }

    /// <summary>Reads the current node: nothing, or a mapping whose keys go to <paramref name="onKey"/>, which takes their values.</summary>
    private NodePlace ReadMappingOrNull(int keyEnd, string? key, Action<Scalar> onKey)
    {
        switch (_current)
        {
            case Scalar scalar when ServerValues.IsNull(scalar):
                return new NodePlace(keyEnd, _place, null);
            case MappingStart start:
                var place = _place.Start;
                var count = ReadMapping(start.Style == MappingStyle.Flow, onKey);
                return new NodePlace(keyEnd, null, new MappingPlace(
                    new Span(place, _between.End), start.Style == MappingStyle.Flow, (int)start.Start.Column - 1, count));
            default:
                throw Refuse($"{(key is null ? "the file" : $"'{VisibleText.BeginningOf(key)}'")} is not a mapping of names to values", "Write it as the server does.");
        }
    }

    /// <summary>Reads a mapping's keys up to its end, which is then the current event.</summary>
    private int ReadMapping(bool isFlow, Action<Scalar> onKey)
    {
        var seen = Enter();
        while (TakeItem(isFlow, isFirst: seen.Count == 0, isKey: true))
        {
            if (_current is not Scalar key || _place.IsEmpty)
                throw Refuse("a key is not a single value", "Use plain names as keys.");
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                throw Refuse("there is a merge key '<<'", "Write the merged fields out.");
            if (!seen.Add(key.Value))
                throw Refuse($"the key '{VisibleText.BeginningOf(key.Value)}' stands here twice", "Remove one of the two.");
            onKey(key);
        }

        _depth--;
        return seen.Count;
    }

    /// <summary>Passes over a value that the server does not read, with the checks that its parser makes all the same.</summary>
    private void SkipValue(Scalar key)
    {
        TakeValue(key);
        SkipNode();
    }

    private void SkipNode()
    {
        switch (_current)
        {
            case MappingStart mapping:
                ReadMapping(mapping.Style == MappingStyle.Flow, SkipValue);
                break;
            case SequenceStart sequence:
                Enter();
                for (var isFirst = true; TakeItem(sequence.Style == SequenceStyle.Flow, isFirst, isKey: false); isFirst = false)
                    SkipNode();
                _depth--;
                break;
        }
    }

    /// <summary>Goes one level deeper and gives that level's set of keys, empty; each level has one and uses it again.</summary>
    private HashSet<string> Enter()
    {
        if (_depth == MaxDepth)
            throw Refuse($"it is nested more than {MaxDepth} levels deep", "Remove the nested content.");
        // To empty a large set takes as long as it is large, so one is not used again.
        var keys = _keys[_depth] is { Count: <= MaxReused } used ? used : new HashSet<string>(StringComparer.Ordinal);
        keys.Clear();
        return _keys[_depth++] = keys;
    }

    /// <summary>Takes the next key of a mapping or item of a list; at the end of it gives false and leaves it.</summary>
    private bool TakeItem(bool isFlow, bool isFirst, bool isKey)
    {
        Next();
        var hasComma = isFlow && !isFirst && _between.TryPass(',');
        if (_current is MappingEnd or SequenceEnd)
        {
            if (isFlow)
                _between.Close(Start(_current));
            return false;
        }

        if (isFlow && !isFirst && !hasComma)
            throw Refuse("a ',' is missing", "Write the place as the server does.");
        if (!isFlow && !isKey)
            _between.Pass('-');
        _isExplicitKey = isKey && _between.TryPass('?');
        var mark = _between.End - 1;
        TakeNode();
        _itemStart = _isExplicitKey ? mark : _place.Start;
        return true;
    }

    /// <summary>Takes the value of the current key, and says where the key ends.</summary>
    private int TakeValue(Scalar key)
    {
        var (place, isExplicit) = (_place, _isExplicitKey);
        Next();
        if (_between.TryPass(':'))
        {
            var written = _text.AsSpan(place.Start, _between.End - place.Start);
            if (!isExplicit && (written.Length > MaxKeyLength || written.IndexOfAny(DocumentText.LineBreaks) >= 0))
                throw Refuse("a key is too long or goes over more than one line", "Write the place as the server does.");
            if (key.Style == ScalarStyle.Plain && _between.End < _text.Length && !DocumentText.Blanks.Contains(_text[_between.End]))
                throw Refuse($"there is no blank behind the ':' of the key '{VisibleText.BeginningOf(key.Value)}'", "Put a blank there.");
        }
        else if (_current is not Scalar { Value: "", Style: ScalarStyle.Plain })
        {
            throw Refuse($"the key '{VisibleText.BeginningOf(key.Value)}' has no ':' behind it", "Write the place as the server does.");
        }

        TakeNode();
        return place.End;
    }

    private void TakeNode()
    {
        if (_current is AnchorAlias)
            throw Refuse("there is an alias '*'", "Write the value out.");
        if (_current is not NodeEvent node)
            throw Refuse("a value is missing", "Write it as the server does.");
        if (!node.Anchor.IsEmpty)
            throw Refuse("there is an anchor '&'", "Remove the anchor and write the values out.");
        var start = Start(node);
        if (start < _text.Length && _text[start] == '!')
            throw Refuse("there is a tag '!'", "Remove the tag.");
        switch (node)
        {
            case Scalar { Value: "", Style: ScalarStyle.Plain }:
                // The parser's own place for what is not there can be lines below.
                _place = new Span(_between.End, _between.End);
                break;
            case Scalar scalar:
                var written = _text.AsSpan(start, End(scalar) - start);
                _place = new Span(start, start + ScalarText.Length(scalar, written));
                _between.Pass(_place.Start, _place.End);
                if (ScalarText.Problem(scalar, _text.AsSpan(start), written.Length, _between.IsFlow) is { } problem)
                    throw Refuse(problem, "Write it as the server does, or in double quotes.");
                break;
            case MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow }:
                if (_text[start] is not ('{' or '['))
                    throw Refuse("a pair stands in a list without braces", "Put braces around it.");
                _place = new Span(start, start + 1);
                _between.Open(start);
                break;
            default:
                _place = new Span(start, start);
                _between.Pass(start, start);
                break;
        }
    }

    private void Next()
    {
        try
        {
            if (!_parser.MoveNext())
                throw Refuse("it ends too early", "Restore the file from a copy.");
        }
        catch (YamlException e)
        {
            // The parser names the beginning of what it was in the middle of, which can be lines above the tab.
            var end = e.End.Index > 0 ? e.End : _scanner.CurrentPosition;
            if (!_between.IsFlow && IsIndentedWithTab((int)end.Index + _start))
                throw new DocumentException((int)end.Line, "a tab stands where the indentation is", "Indent with spaces.");
            throw new DocumentException(
                (int)(e.Start.Index > 0 ? e.Start : end).Line, Sentence(e), "Correct the line, or restore the file from a copy.");
        }
        catch (Exception e) when (e is not (DocumentException or OutOfMemoryException))
        {
            // The parser's own slips on hostile text: to the caller they are what they are, unreadable YAML.
            throw new DocumentException((int)_scanner.CurrentPosition.Line, "it is not YAML", "Correct the line, or restore the file from a copy.");
        }

        _current = _parser.Current!;
    }

    /// <summary>Whether a place is within, or right behind, blanks that begin a line and have a tab among them.</summary>
    private bool IsIndentedWithTab(int at)
    {
        var line = _text.AsSpan(_text.LastIndexOf('\n', Math.Max(at - 1, 0)) + 1);
        var indentation = line[..(line.IndexOfAnyExcept(' ', '\t') is var length and >= 0 ? length : line.Length)];
        return at <= _text.Length - line.Length + indentation.Length && indentation.Contains('\t');
    }

    private static string Sentence(YamlException e)
    {
        var message = e.Message.TrimEnd('.');
        return "it is not YAML: " + char.ToLower(message[0], CultureInfo.InvariantCulture) + message[1..];
    }

    private DocumentException Refuse(string reason, string remedy) => new((int)_current.Start.Line, reason, remedy);

    private static int Line(ParsingEvent e) => (int)e.Start.Line;

    private int Start(ParsingEvent e) => (int)e.Start.Index + _start;

    private int End(ParsingEvent e) => (int)e.End.Index + _start;
}
