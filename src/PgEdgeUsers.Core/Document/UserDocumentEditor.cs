using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Document;

/// <summary>
/// Makes a new text out of a document and the accounts that it is to hold. Only the text of what differs is touched;
/// the new text is read again and must hold exactly what was meant before anyone sees it.
/// </summary>
internal sealed class UserDocumentEditor(UserDocument document)
{
    private readonly TextSplices _splices = new();
    private readonly string _text = document.Text;
    private readonly string _lineBreak = document.LineBreak;

    /// <summary>Gives the document that holds the users of <paramref name="document"/> less the removed, as changed, and the added behind them.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="changed">Accounts by name as they are to be; null for one that is to go. Names that are missing stay as they are.</param>
    /// <param name="added">New accounts, in order.</param>
    /// <exception cref="DocumentException">The text is written in a form in which this edit cannot be made without touching more.</exception>
    public static UserDocument Edit(UserDocument document, IReadOnlyDictionary<string, UserAccount?> changed, IReadOnlyList<UserAccount> added)
    {
        var editor = new UserDocumentEditor(document);
        var expected = new List<UserAccount>(document.Entries.Count + added.Count);
        var removed = new List<int>();
        for (var i = 0; i < document.Entries.Count; i++)
        {
            var entry = document.Entries[i];
            if (!changed.TryGetValue(entry.Account.Name, out var account))
            {
                expected.Add(entry.Account);
            }
            else if (account is null)
            {
                removed.Add(i);
            }
            else
            {
                editor.Change(entry, account);
                expected.Add(account);
            }
        }

        editor.Remove(removed, added.Count);
        editor.Add(added, removed);
        expected.AddRange(added);
        return editor.Verified(expected);
    }

    /// <summary>Gives the text without its users that have nothing in them.</summary>
    /// <exception cref="DocumentException">Their lines hold more than that.</exception>
    public static UserDocument RemoveNullEntries(UserDocument document)
    {
        if (document.NullEntries.Count == 0)
            return document;
        var editor = new UserDocumentEditor(document);
        foreach (var entry in document.NullEntries)
            editor.Delete(entry.Span, previousEnd: null);
        editor.CloseIfEmpty(document.NullEntries.Count);
        return editor.Verified([.. document.Entries.Select(e => e.Account)]);
    }

    /// <summary>Gives the document with every field that is missing written out as the server takes it, and the names that are shown set to the names that count.</summary>
    public static UserDocument Complete(UserDocument document)
    {
        var editor = new UserDocumentEditor(document);
        var expected = new List<UserAccount>();
        foreach (var entry in document.Entries)
        {
            var account = entry.Account with { DisplayName = entry.Account.Name };
            editor.Change(entry, account, writesMissing: true);
            expected.Add(account);
        }

        return editor.Verified(expected);
    }

    private UserDocument Verified(List<UserAccount> expected)
    {
        UserDocument edited;
        try
        {
            edited = UserDocument.Parse(_splices.ApplyTo(_text));
        }
        catch (DocumentException e)
        {
            throw new DocumentException(e.Line, $"this edit would make the file unreadable ({e.Message}), so it was not made", "Write the place as the server does, or remove comments there.");
        }

        if (edited.Entries.Count != expected.Count)
            throw NotAsMeant(1);
        for (var i = 0; i < expected.Count; i++)
        {
            if (edited.Entries[i].Account != expected[i])
                throw NotAsMeant(edited.Entries[i].Line);
        }

        return edited;

        static DocumentException NotAsMeant(int line) =>
            new(line, "this edit would change more than was meant, so it was not made", "Write the place as the server does.");
    }

    private void Change(UserEntry entry, UserAccount account, bool writesMissing = false)
    {
        var missing = new List<string>();
        foreach (var field in Enum.GetValues<Field>())
        {
            var value = ValueOf(account, field);
            var isMissing = entry[field].IsMissing;
            if (value == ValueOf(entry.Account, field) && !(isMissing && writesMissing))
                continue;
            if (isMissing)
                missing.Add($"{KeyOf(field)}: {value}");
            else
                SetValue(entry[field], value);
        }

        if (missing.Count > 0)
            InsertFields(entry.Body, missing);
    }

    private void SetValue(FieldPlace place, string value)
    {
        if (place.Value.IsEmpty)
        {
            _splices.Insert(BehindColon(place.KeyEnd), " " + value);
        }
        else if (place.IsBlock)
        {
            // The header's indicator becomes the value, a comment behind it stays, the lines below it go.
            var start = place.Value.Start;
            var header = start + 1;
            while (header < _text.Length && (char.IsAsciiDigit(_text[header]) || _text[header] is '+' or '-'))
                header++;
            _splices.Replace(new Span(start, header), value);
            var lines = BeforeLineBreak(_text.IndexOf('\n', header) is var at and >= 0 ? at + 1 : _text.Length);
            var end = BeforeLineBreak(place.Value.End);
            if (end > lines)
                _splices.Delete(lines, end);
        }
        else
        {
            // What ends the text could be the beginning of something longer, to a reader that knows of writers that are not done.
            _splices.Replace(place.Value, place.Value.End == _text.Length ? value + _lineBreak : value);
        }
    }

    private void InsertFields(MappingPlace body, List<string> fields)
    {
        if (body.IsFlow)
        {
            _splices.Insert(body.Span.Start + 1, string.Join(", ", fields) + (body.Count > 0 ? ", " : ""));
            return;
        }

        RequireOwnLine(body.Span.Start);
        _splices.Insert(body.Span.Start, string.Concat(fields.Select(field => field + _lineBreak + Indent(body.Column))));
    }

    private void Remove(List<int> removed, int added)
    {
        if (removed.Count == 0)
            return;
        foreach (var i in removed)
        {
            var entry = document.Entries[i];
            Delete(new Span(entry.Key.Start, entry.Body.Span.End), i == 0 ? null : document.Entries[i - 1].Body.Span.End);
        }

        if (added == 0)
            CloseIfEmpty(removed.Count);
    }

    /// <summary>Deletes a user: its lines or, in braces, it and the comma that belongs to it.</summary>
    private void Delete(Span user, int? previousEnd)
    {
        if (document.Users!.Mapping is { IsFlow: true })
        {
            DeleteFromBraces(user, previousEnd);
            return;
        }

        RequireOwnLine(user.Start);
        _splices.Delete(LineStart(user.Start), NextLine(user.End));
    }

    /// <summary>Without an explicit <c>{}</c> a file without users looks like one that is being written.</summary>
    private void CloseIfEmpty(int removed)
    {
        if (document.Users is { Mapping: { IsFlow: false } mapping } users && removed == mapping.Count)
            _splices.Insert(BehindColon(users.KeyEnd), " {}");
    }

    private void DeleteFromBraces(Span user, int? previousEnd)
    {
        if (CommaBehind(user.End) is { } comma)
        {
            _splices.Delete(user.Start, user.End);
            var isBlankBehind = comma + 2 < _text.Length && _text[comma + 1] == ' ' && _text[comma + 2] != '#';
            _splices.Delete(comma, isBlankBehind ? comma + 2 : comma + 1);
        }
        else
        {
            if (previousEnd is { } end && CommaBehind(end) is { } before)
                _splices.Delete(before, before + 1);
            _splices.Delete(user.Start, user.End);
        }
    }

    private int? CommaBehind(int at)
    {
        for (; at < _text.Length; at++)
        {
            if (_text[at] == ',')
                return at;
            if (_text[at] == '#')
                at = _text.IndexOf('\n', at) is var lineEnd and >= 0 ? lineEnd : _text.Length;
            else if (!char.IsWhiteSpace(_text[at]))
                return null;
        }

        return null;
    }

    private void Add(IReadOnlyList<UserAccount> added, List<int> removed)
    {
        if (added.Count == 0)
            return;
        if (document.Root.Mapping is { IsFlow: true } root)
            AddInFlowRoot(root, added, removed);
        else if (document.Users is null)
            AddWithKey(added);
        else if (document.Users.Mapping is { IsFlow: true } braces && !IsBlank(braces.Span.Start + 1, braces.Span.End - 1))
            InsertInBraces(braces, added, removed);
        else if (document.Users.Mapping is { IsFlow: false } block)
            InsertLines(block.Span.End, Lines(added, block.Column));
        else
            ReplaceByLines(document.Users.Mapping?.Span ?? document.Users.Null!.Value, Lines(added, document.Root.Mapping!.Value.Column + 4));
    }

    private void AddInFlowRoot(MappingPlace root, IReadOnlyList<UserAccount> added, List<int> removed)
    {
        if (document.Users is null)
            _splices.Insert(root.Span.Start + 1, $"users: {{{InBraces(added)}}}" + (root.Count > 0 ? ", " : ""));
        else if (document.Users.Mapping is { } users)
            InsertInBraces(users, added, removed);
        else if (document.Users.Null is { IsEmpty: false } written)
            _splices.Replace(written, $"{{{InBraces(added)}}}");
        else
            _splices.Insert(BehindColon(document.Users.KeyEnd), $" {{{InBraces(added)}}}");
    }

    private void AddWithKey(IReadOnlyList<UserAccount> added)
    {
        var column = document.Root.Mapping?.Column ?? 0;
        var lines = $"{Indent(column)}users:{_lineBreak}{Lines(added, column + 4)}";
        if (document.Root.Null is { } written)
            ReplaceByLines(written, lines);
        else
            InsertLines(document.Root.Mapping?.Span.End ?? _text.Length, lines);
    }

    private void InsertInBraces(MappingPlace braces, IReadOnlyList<UserAccount> added, List<int> removed)
    {
        // Behind the last user that stays; removed has them in the order of the text.
        var last = document.Entries.Count - 1;
        for (var i = removed.Count - 1; i >= 0 && removed[i] == last; i--)
            last--;
        if (last >= 0)
            _splices.Insert(document.Entries[last].Body.Span.End, ", " + InBraces(added));
        else
            _splices.Insert(braces.Span.Start + 1, InBraces(added) + (braces.Count > removed.Count ? ", " : ""));
    }

    /// <summary>Takes an empty value away and writes its content on the lines below its key.</summary>
    private void ReplaceByLines(Span value, string lines)
    {
        var start = value.Start;
        while (!value.IsEmpty && start > 0 && _text[start - 1] == ' ')
            start--;
        _splices.Delete(start, value.End);
        InsertLines(value.End, lines);
    }

    private void InsertLines(int behind, string lines)
    {
        var at = NextLine(behind);
        var startsLine = at == DocumentText.StartOf(_text) || _text[at - 1] == '\n';
        _splices.Insert(at, startsLine ? lines : _lineBreak + lines);
    }

    private string Lines(IReadOnlyList<UserAccount> accounts, int column)
    {
        var fieldColumn = document.Entries.FirstOrDefault(e => !e.Body.IsFlow)?.Body.Column ?? column + 4;
        var lines = new StringBuilder();
        foreach (var account in accounts)
        {
            lines.Append(Indent(column)).Append(YamlScalar.Write(account.Name)).Append(':').Append(_lineBreak);
            foreach (var field in Enum.GetValues<Field>())
                lines.Append(Indent(fieldColumn)).Append(KeyOf(field)).Append(": ").Append(ValueOf(account, field)).Append(_lineBreak);
        }

        return lines.ToString();
    }

    private static string InBraces(IReadOnlyList<UserAccount> accounts) => string.Join(", ", accounts.Select(account =>
        $"{YamlScalar.Write(account.Name)}: {{{string.Join(", ", Enum.GetValues<Field>().Select(f => $"{KeyOf(f)}: {ValueOf(account, f)}"))}}}"));

    /// <summary>The key under which the server keeps a field.</summary>
    public static string KeyOf(Field field) => field switch
    {
        Field.Username => "username",
        Field.PasswordHash => "password_hash",
        Field.CreatedAt => "created_at",
        Field.LastLogin => "last_login",
        Field.Enabled => "enabled",
        Field.Annotation => "annotation",
        _ => "failed_attempts",
    };

    private static string ValueOf(UserAccount account, Field field) => field switch
    {
        Field.Username => YamlScalar.Write(account.DisplayName),
        Field.PasswordHash => YamlScalar.Write(account.PasswordHash),
        Field.CreatedAt => account.CreatedAt is { } created ? ServerValues.WriteTime(created) : "null",
        Field.LastLogin => account.LastLogin is { } login ? ServerValues.WriteTime(login) : "null",
        Field.Enabled => account.Enabled ? "true" : "false",
        Field.Annotation => YamlScalar.Write(account.Annotation),
        _ => account.FailedAttempts.ToString(CultureInfo.InvariantCulture),
    };

    private int BehindColon(int keyEnd)
    {
        var at = keyEnd;
        while (at < _text.Length && DocumentText.Blanks.Contains(_text[at]))
            at++;
        return at < _text.Length && _text[at] == ':' ? at + 1 : throw Unusual(keyEnd);
    }

    private void RequireOwnLine(int at)
    {
        if (!IsBlank(LineStart(at), at))
            throw Unusual(at);
    }

    private DocumentException Unusual(int at) => new(
        1 + _text.AsSpan(0, at).Count('\n'),
        "the line is written in a form that cannot be edited in place",
        "Write it as the server does: one 'key: value' a line.");

    private bool IsBlank(int start, int end) => _text.AsSpan(start, end - start).Trim('\uFEFF').IsWhiteSpace();

    private int LineStart(int at) => at == 0 ? DocumentText.StartOf(_text) : Math.Max(DocumentText.StartOf(_text), _text.LastIndexOf('\n', at - 1) + 1);

    /// <summary>Where the line behind <paramref name="at"/> begins; <paramref name="at"/> itself when a line begins there.</summary>
    private int NextLine(int at)
    {
        if (at == DocumentText.StartOf(_text) || _text[at - 1] == '\n')
            return at;
        var lineBreak = _text.IndexOf('\n', at);
        return lineBreak < 0 ? _text.Length : lineBreak + 1;
    }

    private int BeforeLineBreak(int at)
    {
        if (at > 0 && _text[at - 1] == '\n')
            at--;
        return at > 0 && _text[at - 1] == '\r' ? at - 1 : at;
    }

    private static string Indent(int columns) => new(' ', columns);
}
