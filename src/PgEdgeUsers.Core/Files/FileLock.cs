using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Files;

/// <summary>
/// The right to change a user file, held by one process (and one session in it) at a time, on a file beside it.
/// It is the kernel's lock, so it ends with its holder; the lock file stays, and its text only names the holder.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly bool _isUserFile;

    private FileLock(SafeFileHandle handle, bool isUserFile)
    {
        _handle = handle;
        _isUserFile = isUserFile;
    }

    /// <summary>Takes the lock, waiting for its holder up to the timeout.</summary>
    /// <param name="userFile">
    /// The file to be changed; its owner becomes the lock file's, so that whoever may edit one can lock the other.
    /// One that is a mount point is never replaced and may have no room beside it: it is its own lock file.
    /// </param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.UserFileLocked"/>, with the holder's name.</exception>
    public static FileLock Acquire(string userFile, TimeSpan timeout, CancellationToken cancellation)
    {
        var facts = FileFacts.Of(userFile);
        var isOwnLock = facts is { IsMountPoint: true };
        var path = isOwnLock ? userFile : userFile + ".lock";
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            if (TryAcquire(path, facts) is { } handle)
            {
                if (!isOwnLock)
                    Overwrite(handle, Holder());
                return new FileLock(handle, isOwnLock);
            }

            if (patience.Elapsed >= timeout)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileLocked,
                    $"The user file '{userFile}' is being changed by {(isOwnLock ? "another process" : HolderIn(path))} and stayed locked for {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s. Nothing was changed. Wait for it to finish, then try again.");
            }

            // Not a fixed pace: many that wait should not all come at the same moment.
            cancellation.WaitHandle.WaitOne(Random.Shared.Next(5, 25));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        if (!_isUserFile)
            Overwrite(_handle, "");
        _handle.Dispose();
    }

    private static SafeFileHandle? TryAcquire(string path, FileFacts? userFile)
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

        var handle = userFile is { IsMountPoint: true } ? Posix.OpenForWriting(path) : Posix.OpenOrCreateForWriting(path);
        try
        {
            if (Posix.TryLock(handle, path))
            {
                FileOwner.Keep(handle, path, userFile);
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

    private static string Holder() => string.Create(
        CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(Environment.ProcessPath)} (process {Environment.ProcessId}) of {Environment.UserName}");

    private static string HolderIn(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Trim() is { Length: > 0 } holder ? VisibleText.Of(holder) : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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
