using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Opens and creates the files that stand next to another, in a folder that may belong to, or be writable for, someone
/// else. An existing one is distrusted until its owner, kind, mode and link count are known from the open handle, and
/// the handle is known to be what the path names. Owner and mode are changed only of a file that was just created.
/// </summary>
internal static class SidecarFile
{
    /// <summary>How often a file may be replaced while it is opened.</summary>
    private const int MaxAttempts = 100;

    private static FileSystem System => FileSystem.Current;

    /// <summary>Opens a sidecar file; null where there is none.</summary>
    /// <param name="path">The sidecar file.</param>
    /// <param name="access">What for.</param>
    /// <param name="owner">
    /// Whom the main file belongs to; null when that is nobody else than root and the effective user.
    /// </param>
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
                // The only name of the file is this one: what is a second name of another file has two, here or there.
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

        throw Untrusted(path, "is replaced all the time by another process");
    }

    /// <summary>Whether a path names this open file, and nothing else does.</summary>
    public static bool IsAt(SafeFileHandle file, string path) =>
        System.StatusOf(path, followLinks: false) is { Links: <= 1 } named
        && named.IsSameFileAs(System.StatusOf(file, path));

    /// <summary>
    /// Creates a sidecar file of mode 0600 that belongs to the main file's owner; null when there is one by now.
    /// </summary>
    /// <exception cref="IOException">It could not be created or given to that owner; then there is none.</exception>
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
    /// Deletes a file of ours if it is there. A failure to do so must not hide what went wrong before.
    /// </summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // The next writer tries again.
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
            // A link, folder or pipe cannot be opened like a file. That is a better reason than the system's.
            if (System.StatusOf(path, followLinks: false) is { } status)
                Require(status, path, owner);
            throw;
        }
    }

    private static void Require(FileStatus status, string path, FileOwner? owner)
    {
        if (status.Kind != FileKind.Regular)
            throw Untrusted(path, $"is a {status.KindText}, not a plain file");
        if (status.Links > 1)
            throw Untrusted(path, $"is a file with {status.Links} names (hard links), not a plain file with one");
        if (!System.IsTrusted(status.Owner, owner))
            throw Untrusted(path, $"belongs to {status.Owner.Name}");
        if ((status.Mode & ~FileStatus.OwnerOnly) != 0 && !OperatingSystem.IsWindows())
            throw Untrusted(path, $"has mode {status.ModeText}, not 0600");
    }

    private static StorageException Untrusted(string path, string what) => new(
        StorageFailure.Untrusted,
        path,
        $"'{path}' {what}, and so is not used",
        "Find out who created it. Then remove it, or make it a plain file"
            + (OperatingSystem.IsWindows() ? " that belongs to an administrator" : " of mode 0600 that belongs to root")
            + " or to the owner of the file next to it.");
}
