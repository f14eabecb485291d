using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Applies changes to a document in order, each to the result of those before it, and combines them into one edit.
/// </summary>
public sealed class ChangeSet
{
    private readonly UserDocument _document;
    private readonly List<TouchedUser> _touched = [];
    private readonly Dictionary<string, TouchedUser?> _byName = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, List<string>>> _alike;

    internal ChangeSet(UserDocument document)
    {
        _document = document;
        _alike = new(() =>
        {
            var names = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            foreach (var name in _document.Entries.Select(entry => entry.Account.Name).Where(IsKept))
                AddName(names, name);
            return names;
        });
    }

    private bool IsKept(string name) => !_byName.TryGetValue(name, out var user) || user is not null;

    private static void AddName(Dictionary<string, List<string>> alike, string name)
    {
        var key = UserName.ConfusionKey(name);
        if (alike.TryGetValue(key, out var names))
            names.Add(name);
        else
            alike.Add(key, [name]);
    }

    /// <summary>Applies the changes. A change that fails carries its failure and does not prevent the others.</summary>
    /// <returns>The new document, which is the same object if nothing changes, and a result for each change.</returns>
    /// <exception cref="DocumentException">The text cannot be edited safely.</exception>
    internal static (UserDocument Edited, IReadOnlyList<UserChangeResult> Results) Apply(
        UserDocument document, IEnumerable<UserChange> changes)
    {
        var set = new ChangeSet(document);
        var results = new List<(UserChangeResult Result, TouchedUser? User)>();
        foreach (var change in changes)
        {
            var result = set.Apply(change);
            results.Add((result, result.Account is { } account ? set._byName[account.Name] : null));
        }

        return (set.Edited(), [.. results.Select(each => Final(each.Result, each.User))]);
    }

    private UserDocument Edited()
    {
        if (_touched.TrueForAll(user => user.Account == user.Original))
            return _document;
        var changed = _touched.Where(user => user.Original is not null)
            .ToDictionary(user => user.Original!.Name, user => user.Account, StringComparer.Ordinal);
        var added = _touched.Where(user => user.Original is null).Select(user => user.Account).OfType<UserAccount>();
        return UserDocumentEditor.Edit(_document, changed, [.. added]);
    }

    /// <summary>
    /// Reports what the text contains, not what was requested; for a user that a later change renamed, the state before
    /// the renaming.
    /// </summary>
    private static UserChangeResult Final(UserChangeResult result, TouchedUser? user) =>
        user is null || (user.Account is { } last && last.Name != result.Account!.Name)
            ? result
            : result with { Account = user.Account };

    /// <summary>Applies another change in memory and returns its result.</summary>
    public UserChangeResult Apply(UserChange change)
    {
        try
        {
            switch (change)
            {
                case AddUser add:
                    RequireAddable(add.Account);
                    return new UserChangeResult(change, null, Add(add.Account), null);
                case RestoreUser restore:
                    RequireAbsent(restore.Account.Name);
                    return new UserChangeResult(change, null, Add(restore.Account), null);
                case CopyUser copy:
                    return Copy(copy);
                case PurgeUser when TryFind(change.Username) is null:
                    return new UserChangeResult(change, null, null, null);
            }

            var user = TryFind(change.Username) ?? throw NotFound(change.Username);
            var before = user.Account!;
            switch (change)
            {
                case UpdateUser update:
                    var after = Updated(before, update);
                    if (after.Name != before.Name)
                    {
                        RequireAbsent(after.Name);
                        MoveName(user, after.Name);
                    }

                    user.Account = after;
                    break;
                case RenameUser rename when rename.NewName != before.Name:
                    RequireNameFree(rename.NewName, before.Name);
                    MoveName(user, rename.NewName);
                    user.Account = before with { Name = rename.NewName, DisplayName = rename.NewName };
                    break;
                case RenameUser:
                    break;
                default:
                    user.Account = null;
                    RemoveName(before.Name);
                    break;
            }

            return new UserChangeResult(change, before, user.Account, null);
        }
        catch (PgEdgeUsersException failure)
        {
            return new UserChangeResult(change, null, null, failure);
        }
    }

    /// <summary>The failure for a name that no user has.</summary>
    public static PgEdgeUsersException NotFound(string name) => new(
        FailureKind.UserNotFound,
        $"There is no user '{VisibleText.BeginningOf(name)}'. Names match exactly, including case.");

    /// <summary>The reason why an account cannot be added; null if it can. Changes nothing.</summary>
    public PgEdgeUsersException? ReasonNotToAdd(UserAccount account)
    {
        try
        {
            RequireAddable(account);
            return null;
        }
        catch (PgEdgeUsersException failure)
        {
            return failure;
        }
    }

    /// <summary>
    /// The name of the user with exactly this name, or else of one with a similar name; null if the name is free.
    /// </summary>
    public string? FindAlike(string name) => FindAlike(name, ownName: null);

    private string? FindAlike(string name, string? ownName)
    {
        if (!_alike.Value.TryGetValue(UserName.ConfusionKey(name), out var names))
            return null;
        string[] others = [.. names.Where(other => other != ownName)];
        return others.Contains(name) ? name : others.FirstOrDefault();
    }

    private UserChangeResult Copy(CopyUser copy)
    {
        var name = copy.Account.Name;
        var existing = FindAlike(name);
        if (existing is null)
            return new UserChangeResult(copy, null, Add(copy.Account), null);
        if (copy.OnConflict == NameConflict.Skip)
            return new UserChangeResult(copy, null, null, null);
        if (existing != name)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserExists, $"{LooksLike(name, existing)} The user was not copied. Rename one of them.");
        }

        if (copy.OnConflict == NameConflict.Refuse)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserExists,
                $"The user '{VisibleText.BeginningOf(name)}' already exists and was not copied.")
            {
                IsOverwritable = true,
            };
        }

        var user = TryFind(name)!;
        var before = user.Account;
        user.Account = copy.Account;
        return new UserChangeResult(copy, before, copy.Account, null);
    }

    private UserAccount Add(UserAccount account)
    {
        var user = new TouchedUser(null) { Account = account };
        _touched.Add(user);
        AddName(_alike.Value, account.Name);
        _byName[account.Name] = user;
        return account;
    }

    private void MoveName(TouchedUser user, string newName)
    {
        RemoveName(user.Account!.Name);
        AddName(_alike.Value, newName);
        _byName[newName] = user;
    }

    private void RemoveName(string name)
    {
        _byName[name] = null;
        if (_alike.IsValueCreated)
            _alike.Value[UserName.ConfusionKey(name)].Remove(name);
    }

    private void RequireAbsent(string name)
    {
        if (TryFind(name) is not null)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserExists,
                $"The user '{VisibleText.BeginningOf(name)}' exists, so the earlier user of that name cannot be "
                    + "brought back.");
        }
    }

    private void RequireAddable(UserAccount account)
    {
        RequireNameFree(account.Name, ownName: null);
        Annotation.Validate(account.Annotation, account.Name);
    }

    /// <summary>Requires that a name is valid, and that no user has it or a similar one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ownName">The current name of the user that is renamed; null for a new user.</param>
    private void RequireNameFree(string name, string? ownName)
    {
        UserName.Validate(name);
        if (FindAlike(name, ownName) is not { } existing)
            return;
        var problem = existing == name ? $"The user '{name}' already exists." : LooksLike(name, existing);
        throw new PgEdgeUsersException(FailureKind.UserExists, $"{problem} Choose another name.")
        {
            IsOfNewUser = ownName is null,
        };
    }

    private static string LooksLike(string name, string existing) =>
        $"The user name '{VisibleText.BeginningOf(name)}' differs from that of the user "
            + $"'{VisibleText.BeginningOf(existing)}' only in case or in the Unicode form of its characters.";

    private static UserAccount Updated(UserAccount account, UpdateUser change)
    {
        var updated = change.Update(account);
        if (updated.Annotation != account.Annotation)
            Annotation.Validate(updated.Annotation, updated.Name);
        return updated;
    }

    private TouchedUser? TryFind(string name)
    {
        if (_byName.TryGetValue(name, out var user) || _document.Find(name)?.Account is not { } account)
            return user;
        user = new TouchedUser(account) { Account = account };
        _touched.Add(user);
        _byName.Add(name, user);
        return user;
    }

    /// <summary>A user that was looked up or changed.</summary>
    /// <param name="original">The account in the document; null for a user that was added.</param>
    private sealed class TouchedUser(UserAccount? original)
    {
        public UserAccount? Original => original;

        /// <summary>The account after all changes so far; null if it was removed.</summary>
        public UserAccount? Account { get; set; }
    }
}
