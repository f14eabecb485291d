using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Applies changes in order to a document, each seeing what those before it did, and makes one edit of them all.
/// </summary>
public sealed class ChangeSet
{
    private readonly UserDocument _document;
    private readonly Dictionary<string, UserAccount?> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _addedIndex = new(StringComparer.Ordinal);
    private readonly List<UserAccount?> _added = [];
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

    private bool IsKept(string name) => !_changed.TryGetValue(name, out var changed) || changed is not null;

    private static void AddName(Dictionary<string, List<string>> alike, string name)
    {
        var key = UserName.ConfusionKey(name);
        if (alike.TryGetValue(key, out var names))
            names.Add(name);
        else
            alike.Add(key, [name]);
    }

    /// <summary>Makes the changes. Those that cannot be made carry their failure and do not stop the others.</summary>
    /// <returns>
    /// The document as it is to be, the same object when nothing changes, and a result for each change.
    /// </returns>
    /// <exception cref="DocumentException">The text cannot be edited safely.</exception>
    internal static (UserDocument Edited, IReadOnlyList<UserChangeResult> Results) Apply(
        UserDocument document, IEnumerable<UserChange> changes)
    {
        var set = new ChangeSet(document);
        var results = changes.Select(set.Apply).ToArray();
        var added = set._added.OfType<UserAccount>().ToArray();
        var edited = set.ChangesNothing() ? document : UserDocumentEditor.Edit(document, set._changed, added);
        // What is reported is what the new text holds, not what was asked for.
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Account is not null)
                results[i] = results[i] with { Account = edited.Find(results[i].Change.Username)?.Account };
        }

        return (edited, results);
    }

    private bool ChangesNothing() => _added.TrueForAll(a => a is null)
        && _changed.All(c => c.Value is not null && c.Value == _document.Find(c.Key)!.Account);

    /// <summary>Makes one more change in memory, and says how it would end.</summary>
    public UserChangeResult Apply(UserChange change)
    {
        try
        {
            switch (change)
            {
                case AddUser add:
                    return new UserChangeResult(change, null, Add(add.Account), null);
                case RestoreUser restore:
                    return new UserChangeResult(change, null, Restore(restore.Account), null);
                case UpdateUser update:
                    var before = Find(change.Username);
                    var after = Updated(before, update);
                    Put(after.Name, after);
                    return new UserChangeResult(change, before, after, null);
                case PurgeUser when TryFind(change.Username) is null:
                    return new UserChangeResult(change, null, null, null);
                default:
                    var gone = Find(change.Username);
                    Put(gone.Name, null);
                    return new UserChangeResult(change, gone, null, null);
            }
        }
        catch (PgEdgeUsersException failure)
        {
            return new UserChangeResult(change, null, null, failure);
        }
    }

    /// <summary>The failure that there is no user of a name.</summary>
    public static PgEdgeUsersException NotFound(string name) => new(
        FailureKind.UserNotFound,
        $"There is no user '{VisibleText.BeginningOf(name)}'. Names match exactly, including case.");

    /// <summary>Says why an account could not be added; null when it could. Nothing is changed.</summary>
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

    private UserAccount Add(UserAccount account)
    {
        RequireAddable(account);
        return Put(account);
    }

    private UserAccount Restore(UserAccount account)
    {
        if (TryFind(account.Name) is not null)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserExists,
                $"The user '{VisibleText.BeginningOf(account.Name)}' exists, and so cannot be brought back.");
        }

        return Put(account);
    }

    private UserAccount Put(UserAccount account)
    {
        AddName(_alike.Value, account.Name);
        _addedIndex[account.Name] = _added.Count;
        _added.Add(account);
        return account;
    }

    private void RequireAddable(UserAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        UserName.Validate(account.Name);
        Annotation.Validate(account.Annotation, account.Name);
        if (_alike.Value.TryGetValue(UserName.ConfusionKey(account.Name), out var names) && names.Count > 0)
        {
            var taken = names.Contains(account.Name) ? account.Name : names[0];
            throw new PgEdgeUsersException(FailureKind.UserExists, taken == account.Name
                ? $"The user '{taken}' already exists. Change that user, or choose another name."
                : $"The user name '{account.Name}' differs from that of the user '{VisibleText.BeginningOf(taken)}' "
                + "only in case or in the form of its characters. Choose another name.");
        }
    }

    private static UserAccount Updated(UserAccount account, UpdateUser change)
    {
        var updated = change.Update(account);
        if (updated.Name != account.Name)
            throw new ArgumentException("An update cannot change the name.", nameof(change));
        if (updated.Annotation != account.Annotation)
            Annotation.Validate(updated.Annotation, updated.Name);
        return updated;
    }

    private UserAccount Find(string name) => TryFind(name) ?? throw NotFound(name);

    private UserAccount? TryFind(string name) =>
        _addedIndex.TryGetValue(name, out var index) ? _added[index]
            : _changed.TryGetValue(name, out var changed) ? changed
            : _document.Find(name)?.Account;

    private void Put(string name, UserAccount? account)
    {
        if (_addedIndex.TryGetValue(name, out var index))
            _added[index] = account;
        else
            _changed[name] = account;
        if (account is null && _alike.IsValueCreated)
            _alike.Value[UserName.ConfusionKey(name)].Remove(name);
    }
}
