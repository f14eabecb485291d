using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Makes a new text out of a document and the accounts that it is to hold. Only the text of what differs is touched;
/// the new text is read again and must hold exactly what was meant before anyone sees it.
/// </summary>
internal sealed class UserDocumentEditor(UserDocument document)
{
    private readonly SplicedText _splices = new(document.Text, document.LineBreak);
    private readonly string _text = document.Text;

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
        if (added.Count == 0)
            editor.CompleteLast(removed, changed);
        new UserAdditions(document, editor._splices).Add(added, removed);
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
            edited = UserDocument.Parse(_splices.Result);
        }
        catch (DocumentException e)
        {
            throw new DocumentException(e.Line, $"this edit would make the file unreadable ({e.Message}), so it was not made", "Write the place as the server does, or remove comments there; Repair-PgEdgeUserFile writes missing fields.");
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
        foreach (var field in FieldText.All)
        {
            var value = FieldText.Value(account, field);
            var isMissing = entry[field].IsMissing;
            if (value == FieldText.Value(entry.Account, field) && !(isMissing && writesMissing))
                continue;
            if (isMissing)
                missing.Add(FieldText.Pair(account, field));
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
            _splices.InsertBehindColon(place.KeyEnd, " " + value);
        }
        else if (place.IsBlock)
        {
            // The header's indicator becomes the value, a comment behind it stays, the lines below it go.
            var start = place.Value.Start;
            var header = start + 1;
            while (header < _text.Length && (char.IsAsciiDigit(_text[header]) || _text[header] is '+' or '-'))
                header++;
            _splices.Replace(new Span(start, header), value);
            var lines = _splices.BeforeLineBreak(_text.IndexOf('\n', header) is var at and >= 0 ? at + 1 : _text.Length);
            var end = _splices.BeforeLineBreak(place.Value.End);
            if (end > lines)
                _splices.Delete(lines, end);
        }
        else
        {
            // What ends the text could be the beginning of something longer, to a reader that knows of writers that are not done.
            _splices.Replace(place.Value, place.Value.End == _text.Length ? value + document.LineBreak : value);
        }
    }

    private void InsertFields(MappingPlace body, List<string> fields)
    {
        if (body.IsFlow)
        {
            _splices.Insert(body.Span.Start + 1, string.Join(", ", fields) + (body.Count > 0 ? ", " : ""));
            return;
        }

        _splices.RequireOwnLine(body.Span.Start);
        _splices.Insert(body.Span.Start, string.Concat(fields.Select(field => field + document.LineBreak + SplicedText.Indent(body.Column))));
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

    /// <summary>
    /// Gives the user who becomes the last its failed_attempts, where another of them goes and it has none: a file that ends without
    /// looks cut off.
    /// </summary>
    private void CompleteLast(List<int> removed, IReadOnlyDictionary<string, UserAccount?> changed)
    {
        var last = document.LastBut(removed);
        if (last >= 0 && last < document.Entries.Count - 1 && document.Entries[last] is { Body.IsFlow: false } entry
            && entry[Field.FailedAttempts].IsMissing && !changed.ContainsKey(entry.Account.Name))
        {
            InsertFields(entry.Body, [FieldText.Pair(entry.Account, Field.FailedAttempts)]);
        }
    }

    /// <summary>Deletes a user: its lines or, in braces, it and the comma that belongs to it.</summary>
    private void Delete(Span user, int? previousEnd)
    {
        if (document.Users!.Mapping is { IsFlow: true })
            DeleteFromBraces(user, previousEnd);
        else
            _splices.DeleteLines(user.Start, user.End);
    }

    /// <summary>Without an explicit <c>{}</c> a file without users looks like one that is being written.</summary>
    private void CloseIfEmpty(int removed)
    {
        if (document.Users is { Mapping: { IsFlow: false } mapping } users && removed == mapping.Count)
            _splices.InsertBehindColon(users.KeyEnd, " {}");
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
}
