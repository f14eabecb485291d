using System.Diagnostics.CodeAnalysis;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Detects whether another writer has undone an edit, and merges the edit into the current file. Base is a user before
/// the edit, ours the user after it, theirs the user in the file now. A field is set to ours only if theirs equals
/// base. Any other value is newer, so a sign-in that the server has recorded in the meantime, or another
/// administrator's change, is kept.
/// </summary>
internal sealed class ThreeWayMerge
{
    private readonly List<(UserAccount? Base, UserAccount? Ours)> _edits = [];
    private readonly HashSet<string> _baseNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserAccount> _ours = new(StringComparer.Ordinal);

    /// <param name="before">The document before the edit.</param>
    /// <param name="after">The document after the edit.</param>
    /// <param name="names">The names of the users to change; for a renamed user, either name.</param>
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

    /// <summary>The edit that consists of changes.</summary>
    /// <param name="before">The document before the changes.</param>
    /// <param name="after">The document after the changes.</param>
    /// <param name="results">The changes, in order; failed ones are ignored.</param>
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
        _edits.Add((@base, ours));
        if (@base is not null)
            _baseNames.Add(@base.Name);
        if (ours is not null)
            _ours[ours.Name] = ours;
    }

    /// <summary>Whether the edit is still in effect.</summary>
    public bool IsInEffect(UserFileSnapshot theirs) =>
        theirs.Refusal is null && ReferenceEquals(ApplyTo(theirs.Document), theirs.Document);

    /// <summary>Returns the document with the edit reapplied.</summary>
    /// <exception cref="DocumentException">The text has an error that the edit cannot repair.</exception>
    public UserDocument ApplyTo(UserFileSnapshot theirs) =>
        ApplyTo(theirs.Refusal is null ? theirs.Document : WithoutNullEntries(theirs));

    /// <summary>
    /// Returns the document with the edit reapplied, or the same document if the edit is still in effect.
    /// </summary>
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
    /// Whether an account that the edit removed or renamed has reappeared. A recreated account has another creation
    /// date, and an account that the edit gave the same name has another date or hash.
    /// </summary>
    private bool IsBack(UserAccount @base, [NotNullWhen(true)] UserAccount? theirs) =>
        theirs is not null
        && theirs.CreatedAt == @base.CreatedAt
        && !(_ours.TryGetValue(theirs.Name, out var ours)
            && ours.CreatedAt == theirs.CreatedAt
            && ours.PasswordHash == theirs.PasswordHash);

    /// <summary>Whether a renamed account exists under its new name, which was free before.</summary>
    private bool IsRenamed(UserAccount ours, UserAccount? theirs) =>
        theirs is not null && theirs.CreatedAt == ours.CreatedAt && !_baseNames.Contains(ours.Name);

    /// <summary>
    /// Removes users without fields that the edit removed, added or renamed. A server that writes the file while it is
    /// reloading it leaves such entries, and crashes when it reads them.
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
