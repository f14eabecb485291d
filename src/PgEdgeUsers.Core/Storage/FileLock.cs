using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// The right to change a file, held by one process (and one thread in it) at a time, on a file next to it. It is the
/// kernel's lock, so it ends with its holder. The lock file stays after a change for the next one; its text only names
/// the holder.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>The length of the holder's record. It is overwritten and never truncated.</summary>
    private const int RecordBytes = 256;

    /// <summary>So many characters, and an ellipsis, always have room in the record.</summary>
    private const int MaxHolderLength = 80;

    private const string AnotherProcess = "another process";

    /// <summary>How long to wait before it is said: most changes are done by then.</summary>
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

    /// <summary>The file whose lock it is.</summary>
    public string Path { get; }

    /// <summary>Takes the lock, waiting for its holder up to the timeout.</summary>
    /// <param name="file">
    /// The file to be changed. One that is a mount point is never replaced and may have no room next to it: it is its
    /// own lock file.
    /// </param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="owner">
    /// Whom the file will belong to; not given: whom it belongs to, or this process's account. A lock file that is
    /// created belongs to the same account, so that whoever may change the file can lock it; who cannot give it away
    /// must not create one.
    /// </param>
    /// <param name="onWait">Called once, with the holder, when the wait is longer than a change takes.</param>
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
            // Not a fixed pace: many that wait should not all come at the same moment.
            cancellation.WaitHandle.WaitOne(Random.Shared.Next(5, 25));
        }
    }

    /// <summary>
    /// Leaves a lock file that was created here: the change has been made. Otherwise it goes with the lock.
    /// </summary>
    public void Keep() => _isKept = true;

    /// <summary>Takes the lock file away at the end: the file has another owner now, who could not open it.</summary>
    public void Remove() => _isOwners = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isSidecar)
            WriteHolder("");
        // One that the file's owner could not open is not left to keep that owner out.
        // Removed while it is locked: who waits for it sees that it is gone, and creates another.
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
            // The name is a courtesy; on a full disk the lock works without it.
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
