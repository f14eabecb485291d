using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Builds a document from tokens by the server's rules. It rejects what the server rejects and text that looks
/// truncated.
/// </summary>
internal sealed class UserDocumentReader(string text, TokenSource tokens, bool keepsNullEntries)
{
    /// <summary>The number of users for which each additional array of fields has room.</summary>
    private const int MoreFields = 64;

    private const string AsTheServer = "Write it as the server does.";

    private readonly MappingReader _reader = new(text, tokens);
    private readonly LineCounter _lines = new(text);
    private readonly UserEntries _entries = new(text);
    private readonly List<NullEntry> _nullEntries = [];
    private Memory<FieldSpans> _fields = new FieldSpans[AccountField.All.Count * (1 + UserEntries.UsualCount(text))];
    private PairSpans? _usersPair;
    private NodeSpans? _users;
    private bool _hasFailedAttempts;

    /// <summary>Reads the entire text.</summary>
    /// <exception cref="DocumentException">The text cannot be used.</exception>
    public UserDocument Read()
    {
        var root = _reader.Current.Kind == TokenKind.End ? null : ReadRoot();
        return new UserDocument(text, _entries)
        {
            Root = root, UsersPair = _usersPair, Users = _users, NullEntries = _nullEntries,
        };
    }

    private NodeSpans ReadRoot()
    {
        if (_reader.TryReadNull() is { } nothing)
            return nothing;
        RequireMapping(null);
        var mapping = _reader.Begin();
        while (_reader.TryReadKey(ref mapping, out var key))
        {
            var name = _reader.TextOf(key);
            _reader.RequireNew(key, name);
            if (name == "users")
                ReadUsers(key);
            else
                _reader.SkipNode();
        }

        var root = _reader.NodeOf(_reader.End(mapping));
        RejectTruncated(root.Span.End);
        return root;
    }

    private void ReadUsers(in MappingReader.Key usersKey)
    {
        _users = _reader.TryReadNull();
        if (_users is null)
        {
            RequireMapping("users");
            var mapping = _reader.Begin();
            while (_reader.TryReadKey(ref mapping, out var key))
                ReadUser(key);
            _users = _reader.NodeOf(_reader.End(mapping));
        }

        _usersPair = _reader.PairOf(usersKey, _users.Span.End);
    }

    private void ReadUser(in MappingReader.Key key)
    {
        var name = _reader.TextOf(key);
        if (key.Token.IsNullIn(text))
        {
            // The server silently drops such an entry, so it does not count as a user here either.
            RequireNew(key, name);
            _reader.SkipNode();
            return;
        }

        if (_reader.TryReadNull() is { } nothing)
        {
            RequireNew(key, name);
            AddNullEntry(key, name, nothing);
            return;
        }

        RequireMapping(name);
        var mapping = _reader.Begin();
        var account = new UserAccount(name);
        var fields = NextFields();
        while (_reader.TryReadKey(ref mapping, out var fieldKey))
            ReadField(fieldKey, fields.Span, account);
        _hasFailedAttempts |= !fields.Span[AccountField.FailedAttempts.Index].IsMissing;
        var body = _reader.End(mapping);
        var line = _lines.LineOf(key.Token.Span.Start);
        var entry = new UserEntry(account, line, _reader.PairOf(key, body.Span.End), body, fields);
        if (_reader.IsRemembered(name) || !_entries.TryAdd(entry))
            throw _reader.RefuseTwice(key, name);
    }

    /// <summary>A slice of a shared array for the fields of a user, to avoid an array for each.</summary>
    private Memory<FieldSpans> NextFields()
    {
        var count = AccountField.All.Count;
        if (_fields.IsEmpty)
            _fields = new FieldSpans[count * MoreFields];
        var fields = _fields[..count];
        _fields = _fields[count..];
        return fields;
    }

    private void AddNullEntry(in MappingReader.Key key, string name, NodeSpans nothing)
    {
        var line = _lines.LineOf(key.Token.Span.Start);
        if (!keepsNullEntries)
        {
            throw new DocumentException(
                line,
                $"user '{VisibleText.BeginningOf(name)}' has no fields, which makes the server crash",
                "Restore the user's fields, or remove the line.")
            {
                IsRepairable = true,
            };
        }

        _nullEntries.Add(new NullEntry(name, line, _reader.PairOf(key, nothing.Span.End)));
    }

    private void ReadField(in MappingReader.Key key, System.Span<FieldSpans> fields, UserAccount account)
    {
        if (AccountField.Find(key.Token.ValueIn(text)) is not { } field)
        {
            _reader.RequireNew(key, _reader.TextOf(key));
            _reader.SkipNode();
            return;
        }

        if (!fields[field.Index].IsMissing)
            throw _reader.RefuseTwice(key, field.Key);
        ref readonly var value = ref _reader.Current;
        if (value.Kind != TokenKind.Scalar)
            throw RefuseField(field, account, "is not a single value", AsTheServer);
        if (!value.IsNullIn(text) && !field.TryRead(value.ValueIn(text), value.IsPlain, account))
            throw RefuseField(field, account, field.Requirement, field.Remedy);
        fields[field.Index] = new FieldSpans(key.Token.ColonEnd, value.Span, value.HeaderRest);
        _reader.MoveNext();
    }

    /// <summary>
    /// Rejects a text that ends in the middle of a user. The server writes the file in place, so such a file is being
    /// written or was truncated. Without this check, the user would be disabled or have no password.
    /// </summary>
    private void RejectTruncated(int end)
    {
        if (_entries.InOrder is not [.., { Body.IsFlow: false } last] || last.Body.Span.End != end)
            return;
        var attempts = last[AccountField.FailedAttempts];
        // An empty value is complete only if a line break follows. A 0 is always complete; a 1 could be the beginning
        // of 12.
        var isWhole = attempts.IsMissing ? CouldBeOfFirstRelease(last)
            : attempts.Value.IsEmpty ? HasLineBreakAfter(attempts.Value.End)
            : attempts.Value.End < text.Length || last.Account.FailedAttempts == 0;
        if (!isWhole)
        {
            var name = VisibleText.BeginningOf(last.Account.Name);
            throw new DocumentException(
                last.Line,
                $"the last user, '{name}', ends before or within failed_attempts: the file appears to be truncated, "
                    + "or is being written",
                "Restore it from a copy; or, if the user is complete, end it with the line 'failed_attempts: 0'.");
        }
    }

    /// <summary>
    /// Whether the file could be from the server's first release: no user has <c>failed_attempts</c>, and the last one
    /// has all other fields. Its last field must not be a block scalar, which could be missing lines.
    /// </summary>
    private bool CouldBeOfFirstRelease(UserEntry last) =>
        !_hasFailedAttempts
        && AccountField.All.All(field => field == AccountField.FailedAttempts || !last[field].IsMissing)
        && !AccountField.All.Any(field => last[field].IsBlockScalar && last[field].Value.End == last.Body.Span.End)
        && HasLineBreakAfter(last.Body.Span.End);

    private bool HasLineBreakAfter(int position) => text.AsSpan(position).Contains('\n');

    /// <summary>Remembers a key of <c>users</c> that is not a user.</summary>
    private void RequireNew(in MappingReader.Key key, string name)
    {
        _reader.RequireNew(key, name);
        if (_entries.Find(name) is not null)
            throw _reader.RefuseTwice(key, name);
    }

    private void RequireMapping(string? key)
    {
        if (_reader.Current.Kind == TokenKind.MappingStart)
            return;
        var what = key is null ? "the file" : $"'{VisibleText.BeginningOf(key)}'";
        throw _reader.Refuse($"{what} is not a mapping of names to values", AsTheServer);
    }

    private DocumentException RefuseField(AccountField field, UserAccount account, string reason, string remedy) =>
        _reader.Refuse($"'{field.Key}' of user '{VisibleText.BeginningOf(account.Name)}' {reason}", remedy);
}
