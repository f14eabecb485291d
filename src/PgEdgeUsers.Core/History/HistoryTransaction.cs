using System.Security.Cryptography;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// Records the earlier state of each account that a change of a user file is about to change. The records are synced
/// before the user file is replaced. After a crash in between, the history contains a record of a change that was not
/// made, which is harmless: its earlier state is still the current one. After the replacement, the fingerprints of the
/// written accounts are added, which the next change compares with the file to find changes by other programs. If the
/// user file was not replaced, the records are rolled back.
/// </summary>
internal sealed class HistoryTransaction(HistoryWriter writer, string target) : IDisposable
{
    private readonly string _path = SidecarPath.History(target);
    private UserHistory? _history;
    private FileOwner? _owner;
    private FileStatus? _status;
    private long? _lengthBefore;
    private int _length;
    private IReadOnlyList<UserChangeResult> _results = [];
    private Dictionary<string, AccountFingerprint>? _accounts;

    /// <summary>The changes that other programs made since this program last wrote the file.</summary>
    public IReadOnlyList<ExternalChange> ExternalChanges { get; private set; } = [];

    private IEnumerable<string> Purged =>
        _results.Where(result => result.Change is PurgeUser).Select(result => result.Change.Username);

    /// <summary>Records the changes that are about to be written, and discards an earlier attempt's records.</summary>
    /// <param name="current">The current content of the user file.</param>
    /// <param name="results">The changes.</param>
    public void Record(UserFileSnapshot current, IReadOnlyList<UserChangeResult> results)
    {
        RollBack();
        _results = results;
        ExternalChanges = [];
        if (!results.Any(result => result.IsChanged))
            return;
        _status = FileStatus.OfLink(target);
        _owner = FileAccessPlan.OwnerOf(target, _status);
        _history ??= ReadHistory();
        if (_history is null)
            return;
        // Comparing many accounts is slow, and unnecessary if the file has not changed since the last write.
        _accounts = _history.FileDigest == DigestOf(current)
            ? null
            : current.Users.ToDictionary(user => user.Name, AccountFingerprint.Of, StringComparer.Ordinal);
        if (_accounts is not null && writer.ReportsExternalChanges)
        {
            ExternalChanges = _history.Known.FindExternalChanges(
                _accounts, name => current.Find(name) is { Enabled: false, FailedAttempts: > 0 });
        }

        var lines = Lines(results.Where(result => result.IsChanged && result.Change is not PurgeUser));
        _length = lines.Length;
        if (_length > 0)
        {
            _lengthBefore = HistoryFile.Guard(
                _path, "cannot be written, and nothing was changed", () => HistoryFile.Append(_path, lines, _owner));
        }
    }

    /// <summary>Keeps the records after the change was made, and removes the history of purged users.</summary>
    /// <param name="written">The new content of the user file; null if nothing was written.</param>
    public void Commit(UserFileSnapshot? written)
    {
        _owner = FileStatus.OfLink(target)?.Owner;
        if (written is not null)
        {
            _lengthBefore = null;
            IgnoringFailures(() => NoteWritten(written));
        }

        var purged = Purged.ToHashSet(StringComparer.Ordinal);
        if (purged.Count > 0)
        {
            HistoryFile.Guard(
                _path, "still contains users to be purged", () => HistoryFile.Purge(_path, _owner, purged));
        }
    }

    /// <summary>Rolls the records back if the user file is unchanged.</summary>
    public void Dispose()
    {
        if (_lengthBefore is not null && FileStatus.OfLink(target) == _status)
            RollBack();
    }

    /// <summary>
    /// Reads the history; null if earlier states are not recorded and the file is missing or unreadable.
    /// </summary>
    private UserHistory? ReadHistory()
    {
        if (writer.KeepsStates)
        {
            return HistoryFile.Guard(
                _path, "cannot be read, and nothing was changed", () => HistoryFile.Read(_path, _owner));
        }

        UserHistory? history = null;
        IgnoringFailures(() => history = File.Exists(_path) ? HistoryFile.Read(_path, _owner) : null);
        return history;
    }

    private void NoteWritten(UserFileSnapshot written)
    {
        if (_history is null)
            return;
        HistoryFile.Append(_path, Notes(written, _history), _owner, syncs: false);
        HistoryFile.Trim(_path, _owner, _history, _length, () => written.Users.Select(user => user.PasswordHash));
    }

    private byte[] Notes(UserFileSnapshot written, UserHistory history)
    {
        IEnumerable<KeyValuePair<string, AccountFingerprint?>> notes = ChangedIn(written);
        var isAllKnown = true;
        using var lines = new MemoryStream();
        if (_accounts is not null)
        {
            var known = history.Known;
            var after = new Dictionary<string, AccountFingerprint>(_accounts, StringComparer.Ordinal);
            foreach (var (name, account) in notes)
            {
                after.Remove(name);
                if (account is { } changed)
                    after.Add(name, changed);
            }

            if (known.All is null)
                HistoryLine.WriteAccounts(lines, after);
            isAllKnown = known.All is null || writer.ReportsExternalChanges;
            notes = known.All is null ? [] : known.Notes(_accounts, after, isAllKnown);
        }

        HistoryLine.WriteWritten(lines, notes, isAllKnown ? DigestOf(written) : null);
        return lines.ToArray();
    }

    private Dictionary<string, AccountFingerprint?> ChangedIn(UserFileSnapshot written) => _results
        .Where(result => result.IsChanged)
        .SelectMany(result => new[] { result.Before?.Name, result.Account?.Name }.OfType<string>())
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(
            name => name,
            name => written.Find(name) is { } account ? AccountFingerprint.Of(account) : (AccountFingerprint?)null,
            StringComparer.Ordinal);

    private static string DigestOf(UserFileSnapshot file) => Convert.ToHexString(SHA256.HashData(file.Bytes));

    private void RollBack()
    {
        if (_lengthBefore is not { } length)
            return;
        _lengthBefore = null;
        // A record that cannot be removed is harmless: it describes the state of the account at that time.
        IgnoringFailures(() => HistoryFile.RollBack(_path, length, _owner));
    }

    private byte[] Lines(IEnumerable<UserChangeResult> results)
    {
        if (!writer.KeepsStates)
            return [];
        var (time, id) = (DateTime.UtcNow, RandomNumberGenerator.GetHexString(16, lowercase: true));
        using var lines = new MemoryStream();
        foreach (var result in results)
        {
            // This line precedes the record, so that its time takes precedence over the time of the record.
            if (result is { Change.CopiedPassword: { } copied, Account.PasswordHash: { Length: > 0 } hash }
                && hash != result.Before?.PasswordHash)
            {
                HistoryLine.Write(lines, PasswordFingerprint.Of(hash), copied.LastSet);
            }

            HistoryLine.Write(lines, new HistoryRecord(
                time, id, EventOf(result), Actor.Current, writer.Reason, result.Before, result.Account));
        }

        return lines.ToArray();
    }

    private HistoryEvent EventOf(UserChangeResult result) => (result.Before, result.Account) switch
    {
        _ when writer.IsRestore => HistoryEvent.Restored,
        (null, _) => HistoryEvent.Added,
        (_, null) => HistoryEvent.Removed,
        var (before, after) => before.Name == after.Name ? HistoryEvent.Changed : HistoryEvent.Renamed,
    };

    /// <summary>Runs a step whose failure does no harm: the next change makes up for it.</summary>
    private static void IgnoringFailures(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is StorageException || StorageException.IsOfSystem(e))
        {
        }
    }
}
