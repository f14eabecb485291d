using System.Diagnostics.CodeAnalysis;
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
    private readonly List<(UserAccount? Base, UserAccount? Ours)> _edits = [];
    private readonly HashSet<string> _baseNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserAccount> _ours = new(StringComparer.Ordinal);

    /// <param name="before">The document before the edit.</param>
    /// <param name="after">The document after it.</param>
    /// <param name="names">The users that the edit was to change, those that it renamed by either name.</param>
    /// <param name="oldNames">
    /// The old names of renamed users, by their new names; null if the edit renamed none.
    /// </param>
    public ThreeWayMerge(
        UserDocument before,
        UserDocument after,
        IEnumerable<string> names,
        IReadOnlyDictionary<string, string>? oldNames = null)
    {
        oldNames ??= new Dictionary<string, string>();
        var renamed = oldNames.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            Add(
                renamed.Contains(name) ? null : before.Find(name)?.Account,
                oldNames.ContainsKey(name) ? null : after.Find(name)?.Account);
        }

        foreach (var (newName, oldName) in oldNames)
            Add(before.Find(oldName)?.Account, after.Find(newName)?.Account);
    }

    /// <summary>The edit that changes made.</summary>
    /// <param name="before">The document before it.</param>
    /// <param name="after">The document after it.</param>
    /// <param name="results">The changes, in order; those that failed do not count.</param>
    public static ThreeWayMerge Of(UserDocument before, UserDocument after, IReadOnlyList<UserChangeResult> results)
    {
        var oldNames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var result in results)
        {
            if (result is { Before.Name: var oldName, Account.Name: var newName } && newName != oldName)
                oldNames[newName] = oldNames.Remove(oldName, out var first) ? first : oldName;
        }

        return new ThreeWayMerge(before, after, results.Select(result => result.Change.Username), oldNames);
    }

    private void Add(UserAccount? @base, UserAccount? ours)
    {
        if (@base == ours)
            return;
        _edits.Add((@base, ours));
        if (@base is not null)
            _baseNames.Add(@base.Name);
        if (ours is not null)
            _ours[ours.Name] = ours;
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
        foreach (var (@base, ours) in _edits)
        {
            var old = @base is null ? null : document.Find(@base.Name)?.Account;
            var now = ours is null ? null : document.Find(ours.Name)?.Account;
            if (@base is not null && @base.Name != ours?.Name && IsBack(@base, old))
            {
                changed[old.Name] = ours is null || IsRenamed(ours, now)
                    ? null
                    : Merge(@base, ours, old) with { Name = ours.Name };
            }
            else if (@base is not null && now is not null)
            {
                if (Merge(@base, ours!, now) is var merged && merged != now)
                    changed.TryAdd(now.Name, merged);
            }
            else if (ours is not null && now is null && @base?.Name != ours.Name)
            {
                added.Add(ours);
            }
        }

        return changed.Count + added.Count == 0 ? document : UserDocumentEditor.Edit(document, changed, added);
    }

    /// <summary>
    /// Whether an account that the edit removed or renamed is back. One that was created again has another date, and
    /// one to which the edit gave the same name has another date or hash.
    /// </summary>
    private bool IsBack(UserAccount @base, [NotNullWhen(true)] UserAccount? theirs) =>
        theirs is not null
        && theirs.CreatedAt == @base.CreatedAt
        && !(_ours.TryGetValue(theirs.Name, out var ours)
            && ours.CreatedAt == theirs.CreatedAt
            && ours.PasswordHash == theirs.PasswordHash);

    /// <summary>Whether a renamed account is there under its new name, which was free before.</summary>
    private bool IsRenamed(UserAccount ours, UserAccount? theirs) =>
        theirs is not null && theirs.CreatedAt == ours.CreatedAt && !_baseNames.Contains(ours.Name);

    /// <summary>
    /// Removes the users that the edit removed, added or renamed and that are there with nothing in them. A server that
    /// writes the file while it takes over what it has read of it leaves such users, and crashes if they are there when
    /// it reads the file next.
    /// </summary>
    private UserDocument WithoutNullEntries(UserFileSnapshot refused)
    {
        var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(refused.Bytes));
        var areOurs = document.NullEntries.All(
            entry => _baseNames.Contains(entry.Name) != _ours.ContainsKey(entry.Name));
        return areOurs ? UserDocumentEditor.RemoveNullEntries(document) : refused.Document;
    }

    private static UserAccount Merge(UserAccount @base, UserAccount ours, UserAccount theirs) =>
        AccountField.All.Aggregate(
            theirs, (merged, field) => field.IsEqual(theirs, @base) ? field.WithValueOf(ours, merged) : merged);
}
