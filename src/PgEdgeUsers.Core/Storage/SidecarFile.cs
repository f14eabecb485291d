using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Opens and creates the files next to a main file, in a folder that may belong to or be writable by another account.
/// An existing file is not trusted until its owner, kind, mode and link count have been checked on the open handle, and
/// the path still names that file. Owner and mode are changed only on a file that was just created.
/// </summary>
internal static class SidecarFile
{
    /// <summary>How often to retry if the file is replaced while it is being opened.</summary>
    private const int MaxAttempts = 100;

    private static FileSystem System => FileSystem.Current;

    /// <summary>Opens a sidecar file; null if it does not exist.</summary>
    /// <param name="path">The sidecar file.</param>
    /// <param name="access">The access that is needed.</param>
    /// <param name="owner">The owner of the main file; null to trust only root and the effective user.</param>
    /// <exception cref="StorageException">
    /// <see cref="StorageFailure.Untrusted"/>: it could have been planted.
    /// </exception>
    public static SafeFileHandle? Open(string path, SidecarAccess access, FileOwner? owner)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (OpenHandle(path, access, owner) is not { } file)
                return null;
            try
            {
                Require(System.StatusOf(file, path), path, owner);
                // The file may have been replaced or hard-linked after it was opened.
                if (IsAt(file, path))
                    return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }

        throw Untrusted(path, "is constantly being replaced by another process");
    }

    /// <summary>Whether the path names this open file, and is its only name.</summary>
    public static bool IsAt(SafeFileHandle file, string path) =>
        System.StatusOf(path, followLinks: false) is { Links: <= 1 } named
        && named.IsSameFileAs(System.StatusOf(file, path));

    /// <summary>
    /// Creates a sidecar file with mode 0600 that belongs to the main file's owner; null if it already exists.
    /// </summary>
    /// <exception cref="IOException">
    /// It could not be created or given to that owner. It does not exist then.
    /// </exception>
    public static SafeFileHandle? TryCreate(string path, FileOwner? owner)
    {
        SafeFileHandle file;
        try
        {
            file = System.CreateNew(path);
        }
        catch (IOException) when (System.StatusOf(path, followLinks: false) is not null)
        {
            return null;
        }

        try
        {
            if (owner is not null)
                System.GiveTo(file, path, owner);
            return file;
        }
        catch
        {
            file.Dispose();
            Discard(path);
            throw;
        }
    }

    /// <summary>
    /// Deletes a file that this module created, if it exists. A failure is ignored, so as not to hide an earlier error.
    /// </summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // The next writer will try again.
        }
    }

    private static SafeFileHandle? OpenHandle(string path, SidecarAccess access, FileOwner? owner)
    {
        try
        {
            return System.OpenExisting(path, access);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // A link, folder or pipe cannot be opened like a file. Reporting that is clearer than the system's error.
            if (System.StatusOf(path, followLinks: false) is { } status)
                Require(status, path, owner);
            throw;
        }
    }

    private static void Require(FileStatus status, string path, FileOwner? owner)
    {
        if (status.Kind != FileKind.Regular)
            throw Untrusted(path, $"is a {status.KindText}, not a regular file");
        if (status.Links > 1)
            throw Untrusted(path, $"has {status.Links} hard links instead of one");
        if (!System.IsTrusted(status.Owner, owner))
            throw Untrusted(path, $"belongs to {status.Owner.Name}");
        if ((status.Mode & ~FileStatus.OwnerOnly) != 0 && !OperatingSystem.IsWindows())
            throw Untrusted(path, $"has mode {status.ModeText}, not 0600");
    }

    private static StorageException Untrusted(string path, string what) => new(
        StorageFailure.Untrusted,
        path,
        $"'{path}' {what}, so it is not used",
        "Find out who created it. Then remove it, or make it a regular file"
            + (OperatingSystem.IsWindows() ? " that belongs to an administrator" : " of mode 0600 that belongs to root")
            + " or to the owner of the file next to it.");
}
