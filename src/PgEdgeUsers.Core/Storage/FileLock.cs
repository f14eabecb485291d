using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// The right to change a user file, held by one process (and one session in it) at a time, on a file beside it.
/// It is the kernel's lock, so it ends with its holder; the lock file stays, and its text only names the holder.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int MaxHolderBytes = 256;

    /// <summary>How long to wait before it is said: most changes are done by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _handle;
    private readonly bool _isUserFile;

    private FileLock(SafeFileHandle handle, string path, bool isUserFile)
    {
        _handle = handle;
        Path = path;
        _isUserFile = isUserFile;
    }

    /// <summary>The file whose lock it is.</summary>
    public string Path { get; }

    /// <summary>Takes the lock, waiting for its holder up to the timeout.</summary>
    /// <param name="userFile">
    /// The file to be changed; its owner becomes the lock file's, so that whoever may edit one can lock the other.
    /// One that is a mount point is never replaced and may have no room beside it: it is its own lock file.
    /// </param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="onWait">Called once, with the holder, when the wait is longer than a change takes.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.UserFileLocked"/>, with the holder's name; the cause as inner exception is that alone.</exception>
    public static FileLock Acquire(string userFile, TimeSpan timeout, CancellationToken cancellation, Action<string>? onWait = null)
    {
        var facts = FileStatus.Of(userFile);
        var isOwnLock = facts is { IsMountPoint: true };
        var path = isOwnLock ? userFile : userFile + ".lock";
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path, facts) is { } handle)
            {
                if (!isOwnLock)
                    Overwrite(handle, Holder());
                return new FileLock(handle, path, isOwnLock);
            }

            if (patience.Elapsed >= Patience && onWait is not null)
            {
                onWait(HolderOf());
                onWait = null;
            }

            if (patience.Elapsed >= timeout)
            {
                var holder = HolderOf();
                var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
                throw new PgEdgeUsersException(
                    FailureKind.UserFileLocked,
                    $"The user file '{userFile}' is being changed by {holder} and stayed locked for {seconds} s. Nothing was changed. Wait for it to finish, then try again.",
                    new TimeoutException($"{holder} kept it locked for {seconds} s"));
            }

            // Not a fixed pace: many that wait should not all come at the same moment.
            cancellation.WaitHandle.WaitOne(Random.Shared.Next(5, 25));
        }

        string HolderOf() => isOwnLock ? "another process" : HolderIn(path);
    }

    public void Dispose()
    {
        if (!_isUserFile)
            Overwrite(_handle, "");
        _handle.Dispose();
    }

    private static SafeFileHandle? TryAcquire(string path, FileStatus? userFile)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            }
            catch (IOException e) when ((e.HResult & 0xFFFF) == 32)
            {
                return null;
            }
        }

        var isOwnLock = userFile is { IsMountPoint: true };
        var handle = isOwnLock ? Posix.OpenForReading(path) : OpenLock(path);
        try
        {
            if (Posix.TryLock(handle, path))
            {
                if (!isOwnLock)
                {
                    RequirePlain(handle, path);
                    FileOwner.Keep(handle, path, userFile);
                }

                return handle;
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Opens before it makes: in a folder for all, such as /tmp, the system lets not even root make what another has made.</summary>
    private static SafeFileHandle OpenLock(string path)
    {
        try
        {
            return Posix.OpenForWriting(path);
        }
        catch (FileNotFoundException)
        {
            return Posix.OpenOrCreateForWriting(path);
        }
    }

    /// <summary>Keeps one who may write to the folder from having root write to, or give away, another file under the lock's name.</summary>
    private static void RequirePlain(SafeFileHandle handle, string path)
    {
        if (FileStatus.Of(handle, path) is not { Kind: FileKind.Regular, Links: 1 })
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileAccessDenied,
                $"The lock file '{path}' is not a plain file with one name, and so is not used. Nothing was changed. Find out who made it, then remove it.",
                new IOException($"its lock file '{path}' is not a plain file with one name. Find out who made it, then remove it"));
        }
    }

    private static string Holder() => string.Create(
        CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath)} (process {Environment.ProcessId}) of {Environment.UserName}");

    private static string HolderIn(string path)
    {
        try
        {
            // Not as a stream: .NET would ask for a lock of its own, which the holder's excludes.
            using var handle = StableReader.Open(path);
            var bytes = new byte[MaxHolderBytes];
            var count = handle is null ? 0 : RandomAccess.Read(handle, bytes, 0);
            return count > 0 ? VisibleText.Of(Encoding.UTF8.GetString(bytes.AsSpan(0, count))) : "another process";
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            return "another process";
        }
    }

    private static void Overwrite(SafeFileHandle handle, string text)
    {
        try
        {
            RandomAccess.SetLength(handle, 0);
            RandomAccess.Write(handle, Encoding.UTF8.GetBytes(text), 0);
        }
        catch (IOException)
        {
            // The name is a courtesy; on a full disk the lock works without it.
        }
    }
}
