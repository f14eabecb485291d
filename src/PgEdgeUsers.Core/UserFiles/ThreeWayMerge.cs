using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Tells whether another writer has put back what an edit changed, and what to write then. Each field is compared with what it
/// was before the edit and after it: only where the old value is back is the new one written again. A third value is newer than
/// both, so that a sign-in that the server recorded meanwhile, or another administrator's change, stays.
/// </summary>
internal sealed class ThreeWayMerge
{
    private readonly Dictionary<string, (UserAccount? Before, UserAccount? After)> _edits = new(StringComparer.Ordinal);

    public ThreeWayMerge(UserDocument before, UserDocument after, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var edit = (Before: before.Find(name)?.Account, After: after.Find(name)?.Account);
            if (edit.Before != edit.After)
                _edits[name] = edit;
        }
    }

    /// <summary>Whether the edit is still made.</summary>
    public bool HoldsIn(UserFileSnapshot now) => now.Refusal is null && ReferenceEquals(ApplyTo(now.Document), now.Document);

    /// <summary>Gives the text with the edit made again.</summary>
    /// <exception cref="DocumentException">The text is refused for more than what the edit can mend.</exception>
    public UserDocument ApplyTo(UserFileSnapshot now) => ApplyTo(now.Refusal is null ? now.Document : WithoutEmptied(now));

    /// <summary>
    /// Takes out the users that the edit removed or added and that are there with nothing in them. A server that writes the file
    /// while it takes over what it has read of it leaves such, and crashes over them if they are there when it reads the file next.
    /// </summary>
    private UserDocument WithoutEmptied(UserFileSnapshot refused)
    {
        var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(refused.Bytes));
        return document.NullEntries.All(entry => _edits.TryGetValue(entry.Name, out var edit) && (edit.Before is null || edit.After is null))
            ? UserDocumentEditor.RemoveNullEntries(document)
            : refused.Document;
    }

    /// <summary>Gives the document with the edit made again, or the same document when the edit still holds.</summary>
    public UserDocument ApplyTo(UserDocument now)
    {
        var changed = new Dictionary<string, UserAccount?>(StringComparer.Ordinal);
        var added = new List<UserAccount>();
        foreach (var (name, (before, after)) in _edits)
        {
            var current = now.Find(name)?.Account;
            if (before is null)
            {
                if (current is null)
                    added.Add(after!);
            }
            else if (current is not null && after is null)
            {
                // The same account is back. One that was made anew has another date.
                if (current.CreatedAt == before.CreatedAt)
                    changed[name] = null;
            }
            else if (current is not null && Merge(before, after!, current) is var merged && merged != current)
            {
                changed[name] = merged;
            }
        }

        return changed.Count + added.Count == 0 ? now : UserDocumentEditor.Edit(now, changed, added);
    }

    private static UserAccount Merge(UserAccount before, UserAccount after, UserAccount current) => AccountField.All.Aggregate(
        current,
        (merged, field) => field.IsEqual(current, before) ? field.WithValueOf(after, merged) : merged);
}
