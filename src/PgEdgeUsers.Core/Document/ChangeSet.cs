using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Document;

/// <summary>Applies changes in order to a document, each seeing what those before it did, and makes one edit of them all.</summary>
public sealed class ChangeSet
{
    private readonly UserDocument _document;
    private readonly Dictionary<string, UserAccount?> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _addedIndex = new(StringComparer.Ordinal);
    private readonly List<UserAccount?> _added = [];
    private readonly Lazy<Dictionary<string, string>> _alike;

    internal ChangeSet(UserDocument document)
    {
        _document = document;
        _alike = new(() =>
        {
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in _document.Entries.Where(e => !_changed.TryGetValue(e.Account.Name, out var kept) || kept is not null))
                names.TryAdd(UserName.ConfusionKey(entry.Account.Name), entry.Account.Name);
            return names;
        });
    }

    /// <summary>Makes the changes. Those that cannot be made carry their failure and do not stop the others.</summary>
    /// <returns>The document as it is to be, the same object when nothing changes, and a result for each change.</returns>
    /// <exception cref="DocumentException">The text cannot be edited safely.</exception>
    internal static (UserDocument Edited, IReadOnlyList<UserChangeResult> Results) Apply(UserDocument document, IEnumerable<UserChange> changes)
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
            var account = change is AddUser add ? Add(add.Account) : Find(change.Username);
            switch (change)
            {
                case UpdateUser update:
                    Put(account = update.Update(account));
                    break;
                case RemoveUser:
                    Put(account.Name, null);
                    return new UserChangeResult(change, null, null);
            }

            return new UserChangeResult(change, account, null);
        }
        catch (PgEdgeUsersException failure)
        {
            return new UserChangeResult(change, null, failure);
        }
    }

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
        _alike.Value.Add(UserName.ConfusionKey(account.Name), account.Name);
        _addedIndex[account.Name] = _added.Count;
        _added.Add(account);
        return account;
    }

    private void RequireAddable(UserAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        UserName.Validate(account.Name);
        Annotation.Validate(account.Annotation);
        if (_alike.Value.TryGetValue(UserName.ConfusionKey(account.Name), out var taken))
        {
            throw new PgEdgeUsersException(FailureKind.UserExists, taken == account.Name
                ? $"The user '{taken}' exists already. Use Set-PgEdgeUser to change it."
                : $"The user name '{account.Name}' differs from that of the user '{VisibleText.Of(taken)}' only in case or in the form of its characters. Choose another.");
        }
    }

    private UserAccount Find(string name)
    {
        var account = _addedIndex.TryGetValue(name, out var index) ? _added[index]
            : _changed.TryGetValue(name, out var changed) ? changed
            : _document.Find(name)?.Account;
        return account ?? throw new PgEdgeUsersException(
            FailureKind.UserNotFound, $"There is no user '{VisibleText.Of(name)}'. Names match exactly; Get-PgEdgeUser lists them.");
    }

    private void Put(UserAccount account) => Put(account.Name, account);

    private void Put(string name, UserAccount? account)
    {
        if (_addedIndex.TryGetValue(name, out var index))
            _added[index] = account;
        else
            _changed[name] = account;
        if (account is null && _alike.IsValueCreated)
            _alike.Value.Remove(UserName.ConfusionKey(name));
    }
}
