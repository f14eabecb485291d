using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Makes a document of a text's tokens by the server's rules. What the server refuses is refused, and so is what two YAML readers
/// could take in two ways, such as merge keys, and what looks cut off.
/// </summary>
internal sealed class UserDocumentReader(string text, TokenSource tokens, bool keepsNullEntries)
{
    /// <summary>Levels of nesting. The server's own files have three.</summary>
    private const int MaxDepth = 64;

    /// <summary>The largest set of keys that is used again: to clear a large one takes long.</summary>
    private const int MaxReused = 64;

    private const string AsTheServer = "Write it as the server does.";

    private readonly HashSet<string>?[] _keys = new HashSet<string>?[MaxDepth + 1];
    private readonly LineCounter _lines = new(text);
    private readonly UserEntries _entries = new(text);
    private readonly List<NullEntry> _nullEntries = [];
    private PairSpans? _usersPair;
    private NodeSpans? _users;
    private Token _token;
    private Span _lineEnd;
    private bool _startsLine = true;
    private bool _hasFailedAttempts;
    private int _depth;

    /// <summary>Reads the whole text.</summary>
    /// <exception cref="DocumentException">The text is refused.</exception>
    public UserDocument Read()
    {
        MoveNext();
        if (_token.Kind == TokenKind.DocumentStart)
            MoveNext();
        var root = _token.Kind is TokenKind.DocumentEnd or TokenKind.End ? null : ReadRoot();
        while (_token.Kind != TokenKind.End)
            MoveNext();
        return new UserDocument(text, _entries)
        {
            Root = root, UsersPair = _usersPair, Users = _users, NullEntries = _nullEntries,
        };
    }

    private NodeSpans ReadRoot()
    {
        if (TryReadNull() is { } nothing)
            return nothing;
        var mapping = BeginMapping("the file");
        while (TryReadKey(ref mapping, out var key))
        {
            RequireNew(key, key.Text);
            if (key.Text == "users")
                ReadUsers(key);
            else
                SkipNode();
        }

        var node = NodeOf(EndMapping(mapping));
        RefuseCutOff(node);
        return node;
    }

    private void ReadUsers(in Key usersKey)
    {
        _users = TryReadNull();
        if (_users is null)
        {
            var mapping = BeginMapping("'users'");
            while (TryReadKey(ref mapping, out var key))
                ReadUser(key);
            _users = NodeOf(EndMapping(mapping));
        }

        _usersPair = PairOf(usersKey, _users.Span.End);
    }

    private void ReadUser(in Key key)
    {
        var name = key.Text;
        if (IsNull(key.Scalar))
        {
            // The server drops such an entry without a word, so it is no user here either.
            RequireNewUser(key, name);
            SkipNode();
            return;
        }

        if (TryReadNull() is { } nothing)
        {
            RequireNewUser(key, name);
            AddNullEntry(key, name, PairOf(key, nothing.Span.End));
            return;
        }

        var mapping = BeginMapping($"'{VisibleText.BeginningOf(name)}'");
        var account = new UserAccount(name);
        var fields = new FieldSpans[AccountField.All.Count];
        while (TryReadKey(ref mapping, out var fieldKey))
            ReadField(fieldKey, fields, ref account);
        _hasFailedAttempts |= !fields[AccountField.FailedAttempts.Index].IsMissing;
        var body = EndMapping(mapping);
        var line = _lines.LineOf(key.Scalar.Span.Start);
        if (_keys[_depth]?.Contains(name) == true || !_entries.TryAdd(new UserEntry(account, line, PairOf(key, body.Span.End), body, fields)))
            throw RefuseTwice(key, name);
    }

    private void AddNullEntry(in Key key, string name, PairSpans pair)
    {
        var line = _lines.LineOf(key.Scalar.Span.Start);
        if (!keepsNullEntries)
        {
            throw new DocumentException(
                line,
                $"user '{VisibleText.BeginningOf(name)}' has nothing in it, which makes the server crash",
                "Restore the user's fields, or remove the line.")
            { IsRepairable = true };
        }

        _nullEntries.Add(new NullEntry(name, line, pair));
    }

    private void ReadField(in Key key, FieldSpans[] fields, ref UserAccount account)
    {
        if (AccountField.Find(key.Scalar.Value.Span) is not { } field)
        {
            RequireNew(key, key.Text);
            SkipNode();
            return;
        }

        if (!fields[field.Index].IsMissing)
            throw RefuseTwice(key, field.Key);
        if (_token.Kind != TokenKind.Scalar)
            throw Refuse($"'{field.Key}' of user '{VisibleText.BeginningOf(account.Name)}' is not a single value", AsTheServer);
        if (!IsNull(_token) && !field.TryRead(_token.Value.Span, _token.IsPlain, ref account))
            throw Refuse($"'{field.Key}' of user '{VisibleText.BeginningOf(account.Name)}' {field.Requirement}", field.Remedy);
        fields[field.Index] = new FieldSpans(key.ColonEnd, _token.Span, _token.HeaderRest);
        MoveNext();
    }

    /// <summary>
    /// The server writes the file in place, its last field last, so a file that ends in the middle of a user is one that is being
    /// written or was cut off. Read as it is, the user would be disabled or without a password.
    /// </summary>
    private void RefuseCutOff(NodeSpans root)
    {
        if (_entries.InOrder is not [.., { Body.IsFlow: false } last] || last.Body.Span.End != root.Span.End)
            return;
        var attempts = last[AccountField.FailedAttempts];
        // Only its line break shows that an empty value is complete. A 0 is; of the digits 12 the first is a number, too.
        var isWhole = attempts.IsMissing ? CouldBeOfFirstRelease(last)
            : attempts.Value.IsEmpty ? HasLineBreakAfter(attempts.Value.End)
            : attempts.Value.End < text.Length || last.Account.FailedAttempts == 0;
        if (!isWhole)
        {
            throw new DocumentException(
                last.Line,
                $"the last user, '{VisibleText.BeginningOf(last.Account.Name)}', ends before failed_attempts or within it: "
                + "the file looks cut off, or is being written",
                "Restore it from a copy; or, if the user is complete, end it with the line 'failed_attempts: 0'.");
        }
    }

    /// <summary>
    /// Whether the last user has all that the server's first release writes: no user has <c>failed_attempts</c>, and this one has
    /// all else, complete. (A text of several lines could have had more of them.)
    /// </summary>
    private bool CouldBeOfFirstRelease(UserEntry last) =>
        !_hasFailedAttempts
        && AccountField.All.All(field => field == AccountField.FailedAttempts || !last[field].IsMissing)
        && !last.Fields.Any(field => field.IsBlockScalar && field.Value.End == last.Body.Span.End)
        && HasLineBreakAfter(last.Body.Span.End);

    private bool HasLineBreakAfter(int position) => text.AsSpan(position).Contains('\n');

    /// <summary>Passes a value that the server does not read, but checks.</summary>
    private void SkipNode()
    {
        switch (_token.Kind)
        {
            case TokenKind.MappingStart:
                var mapping = BeginMapping("");
                while (TryReadKey(ref mapping, out var key))
                {
                    RequireNew(key, key.Text);
                    SkipNode();
                }

                EndMapping(mapping);
                break;
            case TokenKind.SequenceStart:
                Enter();
                MoveNext();
                while (_token.Kind != TokenKind.SequenceEnd)
                {
                    if (_token.Kind == TokenKind.Comma)
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

    /// <summary>Reads an empty or null value, if there is one.</summary>
    private NodeSpans? TryReadNull()
    {
        if (!IsNull(_token))
            return null;
        var span = _token.Span;
        MoveNext();
        return new NodeSpans(span, null, _lineEnd.End);
    }

    private Mapping BeginMapping(string what)
    {
        if (_token.Kind != TokenKind.MappingStart)
            throw Refuse($"{what} is not a mapping of names to values", AsTheServer);
        Enter();
        var mapping = new Mapping(_token, _startsLine);
        MoveNext();
        return mapping;
    }

    private void Enter()
    {
        if (_depth == MaxDepth)
            throw Refuse($"it is nested more than {MaxDepth} levels deep", "Remove the nested content.");
        _depth++;
        if (_keys[_depth] is { Count: > MaxReused })
            _keys[_depth] = null;
        _keys[_depth]?.Clear();
    }

    private MappingSpans EndMapping(in Mapping mapping)
    {
        var span = new Span(mapping.Start.Span.Start, _token.Span.End);
        _depth--;
        MoveNext();
        return new MappingSpans(span, mapping.Start.IsFlow, mapping.Start.Column, mapping.StartsLine, mapping.Count);
    }

    /// <summary>Reads the next key and its colon, so that the current token begins the value; false at the mapping's end.</summary>
    private bool TryReadKey(ref Mapping mapping, out Key key)
    {
        key = default;
        var comma = default(Span);
        if (_token.Kind == TokenKind.Comma)
        {
            comma = _token.Span;
            MoveNext();
        }

        if (_token.Kind == TokenKind.MappingEnd)
            return false;
        var start = _token.Span.Start;
        int? lineStart = _startsLine ? start - mapping.Start.Column : null;
        if (_token.Kind == TokenKind.ExplicitKey)
            MoveNext();
        var scalar = _token;
        if (scalar.IsPlain && scalar.Value.Span is "<<")
            throw Refuse("there is a merge key '<<'", "Write the merged fields out.");
        MoveNext();
        int? colonEnd = null;
        if (_token.Kind == TokenKind.Colon)
        {
            colonEnd = _token.Span.End;
            MoveNext();
        }

        key = new Key(scalar, start, lineStart, comma, colonEnd);
        mapping.Count++;
        return true;
    }

    /// <summary>Remembers a key of the current mapping, which must not have it yet.</summary>
    private void RequireNew(in Key key, string name)
    {
        if (!(_keys[_depth] ??= new(StringComparer.Ordinal)).Add(name))
            throw RefuseTwice(key, name);
    }

    /// <summary>Does so for a key in <c>users</c> that is not added to the users.</summary>
    private void RequireNewUser(in Key key, string name)
    {
        RequireNew(key, name);
        if (_entries.Find(name) is not null)
            throw RefuseTwice(key, name);
    }

    private NodeSpans NodeOf(MappingSpans mapping) => new(mapping.Span, mapping, _lineEnd.End);

    /// <summary>The spans of a pair of which the value has just been read.</summary>
    private PairSpans PairOf(in Key key, int valueEnd) => new(
        new Span(key.Start, Math.Max(key.Scalar.Span.End, valueEnd)),
        key.ColonEnd,
        key.LineStart is { } lineStart ? new Span(lineStart, _lineEnd.End) : null,
        key.CommaBefore,
        _token.Kind == TokenKind.Comma ? WithSpace(_token.Span) : default);

    /// <summary>A comma with the space after it, unless a comment needs that.</summary>
    private Span WithSpace(Span comma) =>
        text.AsSpan(comma.End) is [' ', not '#', ..] ? new Span(comma.Start, comma.End + 1) : comma;

    private static bool IsNull(in Token token) =>
        token.Kind == TokenKind.Scalar && token.IsPlain && ServerValues.IsNull(token.Value.Span);

    private void MoveNext()
    {
        if (!_token.Span.IsEmpty)
            _startsLine = false;
        for (_token = tokens.Next(); _token.Kind == TokenKind.LineEnd; _token = tokens.Next())
        {
            _lineEnd = _token.Span;
            _startsLine = true;
        }
    }

    private DocumentException RefuseTwice(in Key key, string name) => DocumentException.At(
        text, key.Scalar.Span.Start, $"the key '{VisibleText.BeginningOf(name)}' appears twice", "Remove one of the two.");

    private DocumentException Refuse(string reason, string remedy) => DocumentException.At(text, _token.Span.Start, reason, remedy);

    /// <summary>A mapping of which the keys are being read.</summary>
    private struct Mapping(Token start, bool startsLine)
    {
        public readonly Token Start => start;

        public readonly bool StartsLine => startsLine;

        public int Count { get; set; }
    }

    private readonly record struct Key(Token Scalar, int Start, int? LineStart, Span CommaBefore, int? ColonEnd)
    {
        public string Text => Scalar.Value.ToString();
    }
}
