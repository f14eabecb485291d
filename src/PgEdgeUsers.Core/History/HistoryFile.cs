using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.History;

/// <summary>Reads and writes the history file. Writing requires the lock of the user file.</summary>
internal static class HistoryFile
{
    /// <summary>The size of the records, in bytes, above which old transactions are dropped.</summary>
    public const long MaxBytes = 10 * 1024 * 1024;

    /// <summary>The size to which the records are trimmed, so that not every change has to trim.</summary>
    private const long KeptBytes = MaxBytes * 3 / 4;

    /// <summary>The age above which transactions are dropped.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);

    /// <summary>Reads the file. If it does not exist, the history is empty.</summary>
    public static UserHistory Read(string path, FileOwner? owner)
    {
        using var file = SidecarFile.Open(path, SidecarAccess.Read, owner);
        return file is null
            ? UserHistory.Empty
            : new UserHistory(LinesOf(FileContent.Read(file, RandomAccess.GetLength(file))));
    }

    /// <summary>Appends lines.</summary>
    /// <param name="path">The history file.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="owner">The owner of the user file.</param>
    /// <param name="syncs">Whether to sync the file to disk.</param>
    /// <returns>The previous length of the file.</returns>
    public static long Append(string path, byte[] lines, FileOwner? owner, bool syncs = true)
    {
        using var file = OpenToAppend(path, owner, out var isCreated);
        var length = RandomAccess.GetLength(file);
        try
        {
            // A crash may have left an incomplete line. The first new line must not continue it.
            var last = new byte[1];
            var isTorn = length > 0 && RandomAccess.Read(file, last, length - 1) == 1 && last[0] != (byte)'\n';
            RandomAccess.Write(file, isTorn ? [(byte)'\n', .. lines] : lines, length);
            if (syncs)
                RandomAccess.FlushToDisk(file);
            if (syncs && isCreated)
                FileSystem.Current.SyncFolder(Path.GetDirectoryName(path)!);
            return length;
        }
        catch
        {
            Shorten(file, path, length);
            throw;
        }
    }

    /// <summary>Removes the records of a change that was not made, by truncating the file to a length.</summary>
    public static void RollBack(string path, long length, FileOwner? owner)
    {
        using var file = SidecarFile.Open(path, SidecarAccess.ReadWrite, owner);
        if (file is not null)
            Shorten(file, path, length);
    }

    /// <summary>
    /// Drops old transactions, but never the newest one, if the records are too large or the first one is too old. The
    /// times at which the passwords in use were set, and the accounts as they were last written, are kept.
    /// </summary>
    /// <param name="path">The history file.</param>
    /// <param name="owner">The owner of the user file.</param>
    /// <param name="history">The content of the file before the newest transaction.</param>
    /// <param name="addedBytes">The size of the newest transaction, in bytes.</param>
    /// <param name="hashesInUse">The password hashes in the user file.</param>
    public static void Trim(
        string path, FileOwner? owner, UserHistory history, long addedBytes, Func<IEnumerable<string>> hashesInUse)
    {
        if (history.RecordBytes + addedBytes > MaxBytes || history.OldestTime < DateTime.UtcNow - MaxAge)
            Rewrite(path, owner, current => Trimmed(current, hashesInUse().Select(PasswordFingerprint.Of).ToHashSet()));
    }

    /// <summary>
    /// Removes everything about some users: their records, including those under earlier names, password times and
    /// fingerprints.
    /// </summary>
    public static void Purge(string path, FileOwner? owner, HashSet<string> names) => Rewrite(path, owner, history =>
    {
        var purged = history.RecordsOf(names.Contains).ToHashSet();
        var hashes = purged.SelectMany(record => new[] { record.Before, record.After }.OfType<UserAccount>())
            .Select(account => PasswordFingerprint.Of(account.PasswordHash))
            .ToHashSet();
        using var content = new MemoryStream();
        foreach (var record in history.Records.Where(record => !purged.Contains(record)))
            HistoryLine.Write(content, record);
        foreach (var (password, time) in history.PasswordTimes.Where(entry => !hashes.Contains(entry.Key)))
            HistoryLine.Write(content, password, time);
        if (history.Since is { } since)
            HistoryLine.WriteSince(content, since);
        if (history.Known.All is { } accounts)
        {
            HistoryLine.WriteAccounts(content, accounts.Where(account => !names.Contains(account.Key)));
            HistoryLine.WriteWritten(content, [], history.FileDigest);
        }

        return content.ToArray();
    });

    /// <summary>Runs an action and turns a storage failure into a failure of the history with a remedy.</summary>
    /// <param name="path">The history file.</param>
    /// <param name="problem">The predicate of the message's sentence about the file.</param>
    /// <param name="action">The action to run.</param>
    public static T Guard<T>(string path, string problem, Func<T> action)
    {
        try
        {
            return StorageException.Guard(path, action);
        }
        catch (StorageException e)
        {
            throw new PgEdgeUsersException(
                FailureKind.HistoryFailed, $"The history file '{path}' {problem}: {e.Reason}. {e.Remedy}", e);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(string path, string problem, Action action) => Guard(path, problem, () =>
    {
        action();
        return true;
    });

    private static List<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> bytes)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            lines.Add(end < 0 ? bytes : bytes[..end]);
            bytes = end < 0 ? default : bytes[(end + 1)..];
        }

        return lines;
    }

    private static void Rewrite(string path, FileOwner? owner, Func<UserHistory, byte[]> edit)
    {
        using var file = SidecarFile.Open(path, SidecarAccess.Read, owner);
        if (file is null)
            return;
        AtomicFile.RemoveLeftovers(path);
        _ = new AtomicFile().Replace(
            path, edit(Read(path, owner)), FileStatus.Of(file, path), owner, () => SidecarFile.IsAt(file, path));
    }

    private static byte[] Trimmed(UserHistory history, HashSet<PasswordFingerprint> inUse)
    {
        var oldest = DateTime.UtcNow - MaxAge;
        var kept = new List<byte[]>();
        var size = 0L;
        var since = history.Since;
        foreach (var transaction in Enumerable.Reverse(Transactions(history.Records)))
        {
            using var lines = new MemoryStream();
            foreach (var record in transaction)
                HistoryLine.Write(lines, record);
            size += lines.Length;
            if (kept.Count > 0 && (size > KeptBytes || transaction[0].Time < oldest))
                break;
            kept.Add(lines.ToArray());
            since = transaction[0].Time;
        }

        using var content = new MemoryStream();
        foreach (var lines in Enumerable.Reverse(kept))
            content.Write(lines);
        foreach (var (password, time) in history.PasswordTimes.Where(entry => inUse.Contains(entry.Key)))
            HistoryLine.Write(content, password, time);
        if (since is { } start)
            HistoryLine.WriteSince(content, start);
        if (history.Known.All is { } accounts)
        {
            HistoryLine.WriteAccounts(content, accounts);
            HistoryLine.WriteWritten(content, [], history.FileDigest);
        }

        return content.ToArray();
    }

    private static List<List<HistoryRecord>> Transactions(IReadOnlyList<HistoryRecord> records)
    {
        var transactions = new List<List<HistoryRecord>>();
        foreach (var record in records)
        {
            if (transactions is [.., var last] && last[0].Transaction == record.Transaction)
                last.Add(record);
            else
                transactions.Add([record]);
        }

        return transactions;
    }

    private static SafeFileHandle OpenToAppend(string path, FileOwner? owner, out bool isCreated)
    {
        isCreated = false;
        if (SidecarFile.Open(path, SidecarAccess.Append, owner) is { } existing)
            return existing;
        isCreated = true;
        return SidecarFile.TryCreate(path, owner) ?? throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"'{path}' was created by another process at the same moment",
            "Find out which process created it.");
    }

    private static void Shorten(SafeFileHandle file, string path, long length)
    {
        try
        {
            if (length == 0)
                SidecarFile.Discard(path);
            else
                RandomAccess.SetLength(file, length);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // A record of a change that was not made is harmless: it describes the state of the account at that time.
        }
    }
}
