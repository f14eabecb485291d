namespace PgEdgeUsers.Core.History;

/// <summary>A difference of an account from what this program last wrote.</summary>
/// <param name="Username">The name of the account.</param>
/// <param name="Difference">What differs, such as <c>added</c> or <c>password replaced, annotation changed</c>.</param>
public sealed record ExternalChange(string Username, string Difference);

/// <summary>The accounts as this program last wrote them, by which changes of other programs are found.</summary>
internal sealed class KnownAccounts
{
    private readonly Dictionary<string, List<AccountFingerprint?>> _announced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountFingerprint?> _written = new(StringComparer.Ordinal);
    private ReadOnlyMemory<byte>? _line;
    private Dictionary<string, AccountFingerprint>? _accounts;

    /// <summary>
    /// The SHA-256 of the user file as this program last wrote it; null if that is not known. If the file is still the
    /// same, so are the accounts.
    /// </summary>
    public string? FileDigest { get; private set; }

    /// <summary>The accounts by name; null if they are not known, before the first write or after damage.</summary>
    public IReadOnlyDictionary<string, AccountFingerprint>? All => _accounts ??= Accounts();

    /// <summary>Starts from the line that contains all accounts of a file. It is read when it is needed.</summary>
    public void Reset(ReadOnlyMemory<byte> line)
    {
        _line = line;
        _accounts = null;
        _written.Clear();
        _announced.Clear();
        FileDigest = null;
    }

    /// <summary>Notes that nothing is known, because a line that could have been about an account is damaged.</summary>
    public void Forget() => Reset(default);

    /// <summary>Notes what was written for accounts; null for one that was removed.</summary>
    public void Set(IEnumerable<KeyValuePair<string, AccountFingerprint?>> written, string? fileDigest)
    {
        foreach (var (name, account) in written)
        {
            _announced.Remove(name);
            _written[name] = account;
        }

        FileDigest = fileDigest;
    }

    /// <summary>
    /// Notes a change that was recorded and may have been made: after a crash between the replacement of the user file
    /// and the note of what was written, the account is as the record says.
    /// </summary>
    public void Announce(HistoryRecord record)
    {
        FileDigest = null;
        foreach (var name in record.Usernames)
        {
            if (!_announced.TryGetValue(name, out var states))
                _announced.Add(name, states = []);
            states.Add(record.After?.Name == name ? AccountFingerprint.Of(record.After) : null);
        }
    }

    /// <summary>Finds what another program has changed. Nothing if the accounts are not known.</summary>
    /// <remarks>
    /// An account that failed sign-ins have disabled is not a difference, whether this program or a server did it.
    /// </remarks>
    /// <param name="now">The accounts as they are.</param>
    /// <param name="isLockedOut">Whether a disabled account has failed sign-ins.</param>
    public IReadOnlyList<ExternalChange> FindExternalChanges(
        IReadOnlyDictionary<string, AccountFingerprint> now, Func<string, bool> isLockedOut)
    {
        if (All is null)
            return [];
        var removed = All.Keys.Where(name => !now.ContainsKey(name) && !IsKnown(name, null));
        return
        [
            .. now.Select(account => Difference(account.Key, account.Value, isLockedOut)).OfType<ExternalChange>(),
            .. removed.Select(name => new ExternalChange(name, "removed")),
        ];
    }

    /// <summary>What to note after a change, so that the accounts are known as they are now.</summary>
    /// <param name="before">The accounts before the change.</param>
    /// <param name="after">The accounts after it.</param>
    /// <param name="includesExternal">
    /// Whether changes of other programs were reported. If not, the accounts stay known as they were before them.
    /// </param>
    public IEnumerable<KeyValuePair<string, AccountFingerprint?>> Notes(
        IReadOnlyDictionary<string, AccountFingerprint> before,
        IReadOnlyDictionary<string, AccountFingerprint> after,
        bool includesExternal)
    {
        foreach (var name in after.Keys.Concat(All!.Keys).Concat(_announced.Keys).Distinct(StringComparer.Ordinal))
        {
            var known = Find(All, name);
            var next = includesExternal || IsKnown(name, Find(before, name)) ? Find(after, name) : known;
            if (next != known || _announced.ContainsKey(name) || Find(before, name) != Find(after, name))
                yield return KeyValuePair.Create(name, next);
        }
    }

    /// <summary>Whether this program last wrote an account like that; null for one that does not exist.</summary>
    private bool IsKnown(string name, AccountFingerprint? account) =>
        Find(All!, name) == account || (_announced.TryGetValue(name, out var states) && states.Contains(account));

    private static AccountFingerprint? Find(IReadOnlyDictionary<string, AccountFingerprint> accounts, string name) =>
        accounts.TryGetValue(name, out var account) ? account : null;

    private Dictionary<string, AccountFingerprint>? Accounts()
    {
        if (_line is not { IsEmpty: false } line || HistoryLine.AccountsOf(line) is not { } accounts)
            return null;
        foreach (var (name, account) in _written)
        {
            if (account is { } known)
                accounts[name] = known;
            else
                accounts.Remove(name);
        }

        return accounts;
    }

    private ExternalChange? Difference(string name, AccountFingerprint now, Func<string, bool> isLockedOut)
    {
        if (IsKnown(name, now))
            return null;
        if (!All!.TryGetValue(name, out var known))
            return new ExternalChange(name, "added");
        var isStatusChanged = known.IsEnabled != now.IsEnabled && (now.IsEnabled || !isLockedOut(name));
        string?[] differences =
        [
            known.Password != now.Password ? "password replaced" : null,
            isStatusChanged ? now.IsEnabled ? "enabled" : "disabled" : null,
            known.Annotation != now.Annotation ? "annotation changed" : null,
        ];
        var text = string.Join(", ", differences.OfType<string>());
        return text.Length > 0 ? new ExternalChange(name, text) : null;
    }
}
