using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// The exclusive right to change a file: a kernel lock on a lock file next to it, held by one thread of one process at
/// a time. The kernel releases it when the process ends. The lock file is kept for the next change; its text only names
/// the holder.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>The length of the record that names the holder. It is overwritten and never truncated.</summary>
    private const int RecordBytes = 256;

    /// <summary>This many characters and an ellipsis always fit into the record.</summary>
    private const int MaxHolderLength = 80;

    private const string AnotherProcess = "another process";

    /// <summary>The wait after which it is reported. Most changes take less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _handle;
    private readonly bool _isSidecar;
    private bool _isKept;
    private bool _isOwners;

    private FileLock(SafeFileHandle handle, string path, bool isSidecar, bool isCreated, bool isOwners)
    {
        _handle = handle;
        Path = path;
        _isSidecar = isSidecar;
        _isOwners = isOwners;
        _isKept = !isCreated;
    }

    /// <summary>The file that is locked.</summary>
    public string Path { get; }

    /// <summary>Acquires the lock, waiting for its holder until the timeout.</summary>
    /// <param name="file">
    /// The file to change. If it is a mount point, it is locked itself: it is never replaced, and its folder may not be
    /// writable.
    /// </param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <param name="owner">
    /// The future owner of the file. Default: its current owner, or this process's account. A new lock file gets the
    /// same owner, so that every account that may change the file can lock it. An account that cannot give the lock
    /// file to that owner must not create one.
    /// </param>
    /// <param name="onWait">
    /// Called once, with the name of the holder, if the wait takes longer than most changes.
    /// </param>
    /// <exception cref="StorageException">
    /// <see cref="StorageFailure.Locked"/>, with the holder's name; <see cref="StorageFailure.Untrusted"/>: the lock
    /// file could have been planted; <see cref="StorageFailure.AccessDenied"/>: the file belongs to someone else.
    /// </exception>
    public static FileLock Acquire(
        string file,
        TimeSpan timeout,
        CancellationToken cancellation,
        FileOwner? owner = null,
        Action<string>? onWait = null)
    {
        var status = FileStatus.OfLink(file);
        owner ??= status?.Owner;
        var isSidecar = status is not { IsMountPoint: true };
        var path = isSidecar ? SidecarPath.Lock(file) : file;
        if (isSidecar && owner is not null && !FileSystem.Current.CanGiveTo(owner))
            throw BelongsToAnother(file, owner);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path, owner, isSidecar) is { } held)
                return held;
            if (waited.Elapsed >= Patience && onWait is not null)
            {
                onWait(HolderOf(path, isSidecar));
                onWait = null;
            }

            if (waited.Elapsed >= timeout)
                throw StillLocked(path, HolderOf(path, isSidecar), timeout);
            // A random interval keeps waiting processes from retrying at the same moment.
            cancellation.WaitHandle.WaitOne(Random.Shared.Next(5, 25));
        }
    }

    /// <summary>
    /// Keeps a lock file that was created here, because the change was made. Otherwise it is deleted with the lock.
    /// </summary>
    public void Keep() => _isKept = true;

    /// <summary>Deletes the lock file with the lock, because the file's new owner could not open it.</summary>
    public void Remove() => _isOwners = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isSidecar)
            WriteHolder("");
        // A lock file that the file's owner cannot open would lock that owner out. It is deleted while it is locked; a
        // waiting process notices that and creates another.
        if (_isSidecar && (!_isKept || !_isOwners))
            SidecarFile.Discard(Path);
        _handle.Dispose();
    }

    private static FileLock? TryAcquire(string path, FileOwner? owner, bool isSidecar)
    {
        if (!isSidecar)
            return TryLock(FileSystem.Current.OpenForReading(path), path, isSidecar, isCreated: false, owner);
        if (SidecarFile.Open(path, SidecarAccess.ReadWrite, owner) is { } existing)
            return TryLock(existing, path, isSidecar, isCreated: false, owner);
        return SidecarFile.TryCreate(path, owner) is { } created
            ? TryLock(created, path, isSidecar, isCreated: true, owner)
            : null;
    }

    private static FileLock? TryLock(
        SafeFileHandle handle, string path, bool isSidecar, bool isCreated, FileOwner? owner)
    {
        try
        {
            if (FileSystem.Current.TryLock(handle, path) && (!isSidecar || SidecarFile.IsAt(handle, path)))
            {
                var isOwners = !isSidecar || owner is null || FileStatus.Of(handle, path).User == owner.User;
                var held = new FileLock(handle, path, isSidecar, isCreated, isOwners);
                if (isSidecar)
                    held.WriteHolder(ThisProcess());
                return held;
            }
        }
        catch
        {
            handle.Dispose();
            if (isCreated)
                SidecarFile.Discard(path);
            throw;
        }

        handle.Dispose();
        return null;
    }

    private static string ThisProcess() => string.Create(
        CultureInfo.InvariantCulture,
        $"{System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath)} (process {Environment.ProcessId}) "
            + $"of {Environment.UserName}");

    private static string HolderOf(string path, bool isSidecar)
    {
        try
        {
            using var handle = isSidecar ? FileContent.Open(path) : null;
            var record = handle is null ? [] : FileContent.Read(handle, RecordBytes);
            var text = Encoding.UTF8.GetString(record).Trim('\0', ' ', '\n');
            return text.Length > 0 ? VisibleText.Of(text) : AnotherProcess;
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return AnotherProcess;
        }
    }

    private void WriteHolder(string text)
    {
        var record = new byte[RecordBytes];
        record.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(VisibleText.Shortened(text, MaxHolderLength), record);
        record[^1] = (byte)'\n';
        try
        {
            RandomAccess.Write(_handle, record, 0);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // The name is only informative; on a full disk the lock works without it.
        }
    }

    private static StorageException BelongsToAnother(string file, FileOwner owner) => new(
        StorageFailure.AccessDenied,
        file,
        $"it belongs to {owner.Name}, and only that account or an administrator can replace it",
        $"Run as {owner.Name} or as an administrator.");

    private static StorageException StillLocked(string path, string holder, TimeSpan timeout) => new(
        StorageFailure.Locked,
        path,
        string.Create(
            CultureInfo.InvariantCulture,
            $"it is being changed by {holder} and stayed locked for {timeout.TotalSeconds:0.#} s"),
        "Wait for it to finish, then try again.");
}
