using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>What a sidecar file is opened for.</summary>
internal enum SidecarAccess
{
    Read,

    /// <summary>Reading, and writing at the end: a file can be protected against anything else.</summary>
    Append,
    ReadWrite,
}

/// <summary>
/// All that differs between platforms. What the system refuses is an <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>; <see cref="StorageException.From"/> tells what it means.
/// </summary>
internal abstract class FileSystem
{
    /// <summary>The file system of this machine.</summary>
    public static FileSystem Current { get; } =
        OperatingSystem.IsWindows() ? new WindowsFileSystem() : new PosixFileSystem();

    /// <summary>Whether this process may give files away and open those of others: root.</summary>
    public abstract bool IsPrivileged { get; }

    /// <summary>
    /// Opens for reading, shares everything (reading, writing, deleting) and waits for nothing. A symbolic link in the
    /// last place is not followed.
    /// </summary>
    public abstract SafeFileHandle OpenForReading(string path);

    /// <summary>
    /// Opens a file that is there, shares everything, follows no link in the last place and waits for nothing.
    /// </summary>
    public abstract SafeFileHandle OpenExisting(string path, SidecarAccess access);

    /// <summary>
    /// Creates a file that must not be there yet, for its owner alone whatever the umask and the folder's access list.
    /// </summary>
    public abstract SafeFileHandle CreateNew(string path);

    /// <summary>The status of an open file.</summary>
    public abstract FileStatus StatusOf(SafeFileHandle file, string path);

    /// <summary>The status of what a path names; null when that is nothing.</summary>
    public abstract FileStatus? StatusOf(string path, bool followLinks);

    /// <summary>The name of an account.</summary>
    public abstract string NameOf(FileOwner owner);

    /// <summary>
    /// Whether a file belongs to the system's administrator, to the effective user or to the given owner.
    /// </summary>
    public abstract bool IsTrusted(FileOwner owner, FileOwner? other);

    /// <summary>Whether this process may create a file that belongs to another.</summary>
    public abstract bool CanGiveTo(FileOwner owner);

    /// <summary>Gives away a file that was just created.</summary>
    public abstract void GiveTo(SafeFileHandle created, string path, FileOwner owner);

    /// <summary>Makes the access of an open file the owner's alone: mode 0600.</summary>
    public abstract void RestrictToOwner(SafeFileHandle file);

    /// <summary>
    /// Gives a new file what the one that it will replace has beside its content and mode: access list, label,
    /// attributes. The mode stays the owner's alone.
    /// </summary>
    /// <returns>What could not be kept, or was left out on purpose, in words.</returns>
    public abstract IReadOnlyList<string> KeepAttributes(
        SafeFileHandle created, string path, string originalPath, FileStatus original);

    /// <summary>Renames a file over another, in one step or not at all.</summary>
    /// <param name="file">The file where it is open with the right to be renamed, as one that was just created.</param>
    /// <param name="from">Its path.</param>
    /// <param name="to">Its new path.</param>
    public abstract void Rename(SafeFileHandle? file, string from, string to);

    /// <summary>Makes the renames in a folder last.</summary>
    public abstract void SyncFolder(string folder);

    /// <summary>
    /// Takes the lock of an open file if nobody has it. The system releases it with the handle or its process.
    /// </summary>
    public abstract bool TryLock(SafeFileHandle file, string path);

    /// <summary>Whether any process has the file open for writing; null where the system does not tell.</summary>
    public abstract bool? HasWriter(SafeFileHandle file, string path);

    /// <summary>What an error number of the system means.</summary>
    public abstract StorageFailure Classify(int error);

    /// <summary>The folder without symbolic links and dots; the path itself when there is no such folder.</summary>
    public abstract string RealFolder(string folder);

    /// <summary>Refuses a path that names something else than a file on this system.</summary>
    public abstract void RequireFilePath(string path);
}
