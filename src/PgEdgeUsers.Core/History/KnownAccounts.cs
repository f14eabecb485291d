namespace PgEdgeUsers.Core.History;

/// <summary>A change that another program made to an account since this program last wrote it.</summary>
/// <param name="Username">The name of the account.</param>
/// <param name="Difference">
/// The change in words, such as <c>added</c> or <c>password replaced, annotation changed</c>.
/// </param>
public sealed record ExternalChange(string Username, string Difference);

/// <summary>
/// The fingerprints of the accounts as this program last wrote them, used to detect changes by other programs.
/// </summary>
internal sealed class KnownAccounts
{
    private readonly Dictionary<string, List<AccountFingerprint?>> _announced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountFingerprint?> _written = new(StringComparer.Ordinal);
    private ReadOnlyMemory<byte>? _line;
    private Dictionary<string, AccountFingerprint>? _accounts;

    /// <summary>
    /// The fingerprints by name; null if they are unknown: before the first write, or after a line was damaged.
    /// </summary>
    public IReadOnlyDictionary<string, AccountFingerprint>? All => _accounts ??= Accounts();

    /// <summary>Reads the fingerprints from the lines of a history file.</summary>
    public static KnownAccounts Read(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        var known = new KnownAccounts();
        var announced = new List<ReadOnlyMemory<byte>>();
        foreach (var line in lines)
        {
            switch (HistoryLine.KindOf(line))
            {
                case HistoryLineKind.Record:
                    announced.Add(line);
                    continue;
                case HistoryLineKind.Written when HistoryLine.WrittenOf(line) is { } written:
                    // With a digest, all accounts are known, so that the records do not have to be parsed.
                    if (written.FileDigest is null)
                        known.Announce(announced);
                    known.Set(written);
                    break;
                case HistoryLineKind.Accounts:
                    known.Reset(line);
                    break;
                case HistoryLineKind.Password or HistoryLineKind.Since:
                    continue;
                default:
                    // The damaged line may have contained newer fingerprints.
                    known.Reset(default);
                    break;
            }

            announced.Clear();
        }

        known.Announce(announced);
        return known;
    }

    /// <summary>Finds the changes that other programs made; none if the accounts are unknown.</summary>
    /// <remarks>
    /// A lockout after failed sign-ins does not count as a change, whether this program or a server caused it.
    /// </remarks>
    /// <param name="now">The current accounts.</param>
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

    /// <summary>Finds the fingerprints to write after a change, so that the current accounts are known.</summary>
    /// <param name="before">The accounts before the change.</param>
    /// <param name="after">The accounts after it.</param>
    /// <param name="includesExternal">
    /// Whether changes by other programs were reported. If not, the fingerprints from before those changes are kept.
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

    /// <summary>Whether this program may have left an account in this state; null means that it is missing.</summary>
    private bool IsKnown(string name, AccountFingerprint? account) =>
        Find(All!, name) == account || (_announced.TryGetValue(name, out var states) && states.Contains(account));

    /// <summary>Starts over from a line with the fingerprints of all accounts, which is parsed on first use.</summary>
    private void Reset(ReadOnlyMemory<byte> line)
    {
        _line = line;
        _accounts = null;
        _written.Clear();
        _announced.Clear();
    }

    private void Set(WrittenAccounts written)
    {
        if (written.FileDigest is not null)
            _announced.Clear();
        foreach (var (name, account) in written.Accounts)
        {
            _announced.Remove(name);
            _written[name] = account;
        }
    }

    /// <summary>
    /// Adds the states that recorded changes lead to as ones that this program may have written: after a crash, a
    /// change may have been made although its fingerprints are missing.
    /// </summary>
    private void Announce(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        foreach (var line in records)
        {
            if (HistoryLine.RecordOf(line) is not { } record)
            {
                Reset(default);
                continue;
            }

            foreach (var name in record.Usernames)
            {
                if (!_announced.TryGetValue(name, out var states))
                    _announced.Add(name, states = []);
                states.Add(record.After?.Name == name ? AccountFingerprint.Of(record.After) : null);
            }
        }
    }

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
