using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Edits a document so that it contains the given accounts. Only the text of what differs is changed. The new text is
/// parsed again, and must contain exactly those accounts, before it is returned.
/// </summary>
internal sealed class UserDocumentEditor
{
    private const string AsTheServer = "Write the line as the server does.";

    private readonly UserDocument _document;
    private readonly List<TextEdit> _edits = [];
    private Span _deletedComma;

    private UserDocumentEditor(UserDocument document) => _document = document;

    /// <summary>
    /// Returns the document without the removed users, with the changes, and with the added users after the others.
    /// </summary>
    /// <param name="document">The current document.</param>
    /// <param name="changed">
    /// The changed accounts by current name, possibly with a new name; null removes the account. All others are
    /// unchanged.
    /// </param>
    /// <param name="added">New accounts, in order.</param>
    /// <exception cref="DocumentException">
    /// The text is written in a form in which this edit would change more.
    /// </exception>
    public static UserDocument Edit(
        UserDocument document, IReadOnlyDictionary<string, UserAccount?> changed, IReadOnlyList<UserAccount> added)
    {
        var editor = new UserDocumentEditor(document);
        var kept = new List<KeptUser>(document.Entries.Count);
        var removed = 0;
        foreach (var entry in document.Entries)
        {
            if (!changed.TryGetValue(entry.Account.Name, out var account))
            {
                kept.Add(new KeptUser(entry, entry.Account));
            }
            else if (account is not null)
            {
                kept.Add(new KeptUser(entry, account));
            }
            else
            {
                editor.Delete(entry.Pair);
                removed++;
            }
        }

        var completed = added.Count == 0 ? FindEntryToComplete(document, kept) : null;
        foreach (var user in kept)
        {
            if (ReferenceEquals(user.Entry, completed))
                editor.Change(user, field => field == AccountField.FailedAttempts);
            else if (user.Account != user.Entry.Account)
                editor.Change(user, _ => false);
        }

        if (added.Count == 0)
            editor.CloseIfEmpty(removed);
        else
            editor._edits.AddRange(new UserAdditions(document, kept.LastOrDefault().Entry, removed).Add(added));
        return editor.Verified([.. kept.Select(user => user.Account), .. added]);
    }

    /// <summary>Returns the document without the users that have no fields.</summary>
    /// <exception cref="DocumentException">Their lines contain something else.</exception>
    public static UserDocument RemoveNullEntries(UserDocument document)
    {
        if (document.NullEntries.Count == 0)
            return document;
        var editor = new UserDocumentEditor(document);
        foreach (var entry in document.NullEntries)
            editor.Delete(entry.Pair);
        editor.CloseIfEmpty(document.NullEntries.Count);
        return editor.Verified([.. document.Entries.Select(entry => entry.Account)]);
    }

    /// <summary>
    /// Returns the document with every missing field written with the value that the server assumes, and each displayed
    /// name set to the name that sign-in uses.
    /// </summary>
    public static UserDocument Complete(UserDocument document)
    {
        var editor = new UserDocumentEditor(document);
        var users = document.Entries
            .Select(entry => new KeptUser(entry, entry.Account with { DisplayName = entry.Account.Name }))
            .ToList();
        foreach (var user in users)
            editor.Change(user, _ => true);
        return editor.Verified([.. users.Select(user => user.Account)]);
    }

    /// <summary>
    /// The last user of the edited text if it lacks <c>failed_attempts</c> and the text would therefore look truncated;
    /// null if it need not be completed.
    /// </summary>
    private static UserEntry? FindEntryToComplete(UserDocument document, List<KeptUser> kept)
    {
        var attempts = AccountField.FailedAttempts;
        if (!document.EndsWithUser || kept is not [.., var last] || last.Entry.Body.IsFlow || last.Has(attempts))
            return null;
        var isOfFirstRelease = kept.TrueForAll(user => !user.Has(attempts))
            && AccountField.All.All(field => field == attempts || last.Has(field));
        return isOfFirstRelease ? null : last.Entry;
    }

    private void Change(KeptUser user, Func<AccountField, bool> isWrittenIfMissing)
    {
        var (entry, account) = user;
        if (account.Name != entry.Account.Name)
            SetKey(entry.Pair.Key, account.Name);
        var missing = new List<string>();
        foreach (var field in AccountField.All)
        {
            var isMissing = entry[field].IsMissing;
            if (field.IsEqual(account, entry.Account) && !(isMissing && isWrittenIfMissing(field)))
                continue;
            if (isMissing)
                missing.Add(field.WritePair(account));
            else
                SetValue(entry[field], field.Write(account));
        }

        if (missing.Count > 0)
            InsertFields(entry.Body, missing);
    }

    /// <summary>
    /// Replaces a key. A key in quotes stays in quotes, because a value may follow its colon without a space.
    /// </summary>
    private void SetKey(Span key, string name)
    {
        var (text, start) = (_document.Text, key.Start);
        var hasMark = text[start] == '?' && char.IsWhiteSpace(text[start + 1]);
        if (hasMark)
            start = Lines.SkipSpaces(text, start + 1);
        if (text[start] is '#' or '\r' or '\n')
            throw Unusual(_document, key.Start);
        var isQuoted = text[start] is '"' or '\'';
        _edits.Add(new TextEdit(new Span(start, key.End), isQuoted ? YamlScalar.Quote(name) : YamlScalar.Write(name)));
    }

    private void SetValue(FieldSpans field, string value)
    {
        if (field.Value.IsEmpty)
        {
            if (field.ColonEnd == 0)
                throw Unusual(_document, field.Value.End);
            _edits.Add(TextEdit.Insert(field.ColonEnd, " " + value));
        }
        else if (field.IsBlockScalar)
        {
            // The value replaces the indicators. A comment after them is kept, and the lines below are deleted.
            var rest = field.HeaderRest;
            _edits.Add(new TextEdit(new Span(field.Value.Start, rest.Start), value));
            _edits.Add(TextEdit.Delete(new Span(rest.End, field.Value.End)));
        }
        else
        {
            // Without a line break, a number at the end of a text could be the beginning of a longer one.
            var isLast = field.Value.End == _document.Text.Length;
            _edits.Add(new TextEdit(field.Value, isLast ? value + _document.LineBreak : value));
        }
    }

    private void InsertFields(MappingSpans body, List<string> fields)
    {
        var start = body.Span.Start;
        if (body.IsFlow)
        {
            _edits.Add(TextEdit.Insert(start + 1, string.Join(", ", fields) + (body.Count > 0 ? ", " : "")));
            return;
        }

        if (!body.StartsLine)
            throw Unusual(_document, start);
        var lineBreak = _document.LineBreak + new string(' ', body.Column);
        _edits.Add(TextEdit.Insert(start, string.Concat(fields.Select(field => field + lineBreak))));
    }

    /// <summary>Deletes a user: its lines or, in flow style, the entry and a comma.</summary>
    private void Delete(PairSpans pair)
    {
        if (_document.Users!.Mapping is { IsFlow: false })
        {
            if (pair.Lines.IsEmpty)
                throw Unusual(_document, pair.Span.Start);
            _edits.Add(TextEdit.Delete(pair.Lines));
            return;
        }

        _edits.Add(TextEdit.Delete(pair.Span));
        if (!pair.CommaAfter.IsEmpty)
            _edits.Add(TextEdit.Delete(_deletedComma = pair.CommaAfter));
        else if (!pair.CommaBefore.IsEmpty && pair.CommaBefore.Start != _deletedComma.Start)
            _edits.Add(TextEdit.Delete(pair.CommaBefore));
    }

    /// <summary>
    /// Writes <c>{}</c> if all users are removed; otherwise the file would look as if it were being written.
    /// </summary>
    private void CloseIfEmpty(int removed)
    {
        if (_document.Users?.Mapping is { IsFlow: false } mapping && removed == mapping.Count)
            _edits.Add(TextEdit.Insert(UsersColonEnd(_document), " {}"));
    }

    private UserDocument Verified(List<UserAccount> expected)
    {
        UserDocument edited;
        try
        {
            edited = UserDocument.Parse(TextEdit.Apply(_document.Text, _edits));
        }
        catch (DocumentException e)
        {
            throw new DocumentException(
                e.Line,
                $"this edit would make the file unreadable ({e.Message}), so it was not made",
                "Write the line as the server does, or remove comments there.");
        }

        if (edited.Entries.Count != expected.Count)
            throw Unexpected(1);
        for (var i = 0; i < expected.Count; i++)
        {
            if (edited.Entries[i].Account != expected[i])
                throw Unexpected(edited.Entries[i].Line);
        }

        return edited;

        static DocumentException Unexpected(int line) =>
            new(line, "this edit would change more than it should, so it was not made", AsTheServer);
    }

    /// <summary>The position after the colon of the key <c>users</c>.</summary>
    /// <exception cref="DocumentException">The key has no colon.</exception>
    public static int UsersColonEnd(UserDocument document) =>
        document.UsersPair!.Value is { ColonEnd: > 0 } pair
            ? pair.ColonEnd
            : throw Unusual(document, document.UsersPair!.Value.Span.Start);

    private static DocumentException Unusual(UserDocument document, int position) => DocumentException.At(
        document.Text,
        position,
        "the line is written in a form that cannot be edited in place",
        "Write it as the server does: one 'key: value' per line.");

    /// <summary>A user that is kept.</summary>
    /// <param name="Entry">The current entry.</param>
    /// <param name="Account">The new account.</param>
    private readonly record struct KeptUser(UserEntry Entry, UserAccount Account)
    {
        /// <summary>Whether the entry has the field, or will have it because its value changes.</summary>
        public bool Has(AccountField field) => !Entry[field].IsMissing || !field.IsEqual(Entry.Account, Account);
    }
}
