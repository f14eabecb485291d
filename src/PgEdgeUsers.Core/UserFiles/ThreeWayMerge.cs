using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Tells whether another writer has restored what an edit changed, and what to write then. Base is a user before the
/// edit, ours the user after it, theirs the user in the file now. Field by field, ours is written again only where
/// theirs is base: a third value is newer than both, so that a sign-in that the server recorded meanwhile, or another
/// administrator's change, stays.
/// </summary>
internal sealed class ThreeWayMerge
{
    private readonly Dictionary<string, (UserAccount? Base, UserAccount? Ours)> _edits = new(StringComparer.Ordinal);

    /// <param name="before">The document before the edit.</param>
    /// <param name="after">The document after it.</param>
    /// <param name="names">The users that the edit was to change.</param>
    public ThreeWayMerge(UserDocument before, UserDocument after, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var edit = (Base: before.Find(name)?.Account, Ours: after.Find(name)?.Account);
            if (edit.Base != edit.Ours)
                _edits[name] = edit;
        }
    }

    /// <summary>Whether the edit is still made.</summary>
    public bool HoldsIn(UserFileSnapshot theirs) =>
        theirs.Refusal is null && ReferenceEquals(ApplyTo(theirs.Document), theirs.Document);

    /// <summary>Gives the document with the edit made again.</summary>
    /// <exception cref="DocumentException">The text is refused for more than what the edit can repair.</exception>
    public UserDocument ApplyTo(UserFileSnapshot theirs) =>
        ApplyTo(theirs.Refusal is null ? theirs.Document : WithoutNullEntries(theirs));

    /// <summary>Gives the document with the edit made again, or the same document when the edit still holds.</summary>
    public UserDocument ApplyTo(UserDocument document)
    {
        var changed = new Dictionary<string, UserAccount?>(StringComparer.Ordinal);
        var added = new List<UserAccount>();
        foreach (var (name, (@base, ours)) in _edits)
        {
            var theirs = document.Find(name)?.Account;
            if (@base is null)
            {
                if (theirs is null)
                    added.Add(ours!);
            }
            else if (theirs is not null && ours is null)
            {
                // The same account is back. One that was created again has another date.
                if (theirs.CreatedAt == @base.CreatedAt)
                    changed[name] = null;
            }
            else if (theirs is not null && Merge(@base, ours!, theirs) is var merged && merged != theirs)
            {
                changed[name] = merged;
            }
        }

        return changed.Count + added.Count == 0 ? document : UserDocumentEditor.Edit(document, changed, added);
    }

    /// <summary>
    /// Removes the users that the edit removed or added and that are there with nothing in them. A server that writes
    /// the file while it takes over what it has read of it leaves such users, and crashes if they are there when it
    /// reads the file next.
    /// </summary>
    private UserDocument WithoutNullEntries(UserFileSnapshot refused)
    {
        var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(refused.Bytes));
        var areOurs = document.NullEntries.All(
            entry => _edits.TryGetValue(entry.Name, out var edit) && (edit.Base is null || edit.Ours is null));
        return areOurs ? UserDocumentEditor.RemoveNullEntries(document) : refused.Document;
    }

    private static UserAccount Merge(UserAccount @base, UserAccount ours, UserAccount theirs) =>
        AccountField.All.Aggregate(
            theirs, (merged, field) => field.IsEqual(theirs, @base) ? field.WithValueOf(ours, merged) : merged);
}
