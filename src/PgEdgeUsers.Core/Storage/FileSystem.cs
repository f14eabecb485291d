using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The access that a sidecar file is opened with.</summary>
internal enum SidecarAccess
{
    Read,

    /// <summary>Reading and appending. Files with the append-only attribute allow nothing else.</summary>
    Append,
    ReadWrite,
}

/// <summary>
/// The operations that differ between platforms. System errors are thrown as <see cref="IOException"/> or <see
/// cref="UnauthorizedAccessException"/>; <see cref="StorageException.From"/> interprets them.
/// </summary>
internal abstract class FileSystem
{
    /// <summary>The file system of this machine.</summary>
    public static FileSystem Current { get; } =
        OperatingSystem.IsWindows() ? new WindowsFileSystem() : new PosixFileSystem();

    /// <summary>
    /// Whether this process may change the owner of files and open those of other accounts, as root may.
    /// </summary>
    public abstract bool IsPrivileged { get; }

    /// <summary>
    /// Opens a file for reading. It shares reading, writing and deleting, never blocks, and does not follow a symbolic
    /// link in the last path component.
    /// </summary>
    public abstract SafeFileHandle OpenForReading(string path);

    /// <summary>
    /// Opens an existing file. It shares everything, never blocks, and does not follow a link in the last path
    /// component.
    /// </summary>
    public abstract SafeFileHandle OpenExisting(string path, SidecarAccess access);

    /// <summary>
    /// Creates a file that must not exist yet. Only its owner has access, whatever the umask and the folder's access
    /// list.
    /// </summary>
    public abstract SafeFileHandle CreateNew(string path);

    /// <summary>The status of an open file.</summary>
    public abstract FileStatus StatusOf(SafeFileHandle file, string path);

    /// <summary>The status of the file at a path; null if there is none.</summary>
    public abstract FileStatus? StatusOf(string path, bool followLinks);

    /// <summary>The name of an account.</summary>
    public abstract string NameOf(FileOwner owner);

    /// <summary>
    /// Whether a file belongs to the system's administrator, to the effective user or to the given owner.
    /// </summary>
    public abstract bool IsTrusted(FileOwner owner, FileOwner? other);

    /// <summary>Whether this process may create a file that belongs to the given owner.</summary>
    public abstract bool CanGiveTo(FileOwner owner);

    /// <summary>Changes the owner of a file that was just created.</summary>
    public abstract void GiveTo(SafeFileHandle created, string path, FileOwner owner);

    /// <summary>Restricts access to an open file to its owner (mode 0600).</summary>
    public abstract void RestrictToOwner(SafeFileHandle file);

    /// <summary>
    /// Copies the access list, label and attributes of a file to the new file that will replace it. The mode stays
    /// 0600.
    /// </summary>
    /// <returns>What could not be kept or was deliberately left out, described in words.</returns>
    public abstract IReadOnlyList<string> KeepAttributes(
        SafeFileHandle created, string path, string originalPath, FileStatus original);

    /// <summary>Atomically renames a file over another.</summary>
    /// <param name="file">
    /// The open handle, if it includes the right to rename, as for a file that was just created; otherwise null.
    /// </param>
    /// <param name="from">Its path.</param>
    /// <param name="to">Its new path.</param>
    public abstract void Rename(SafeFileHandle? file, string from, string to);

    /// <summary>Syncs a folder, so that renames in it survive a power failure.</summary>
    public abstract void SyncFolder(string folder);

    /// <summary>
    /// Locks an open file if it is not locked. The system releases the lock with the handle or the process.
    /// </summary>
    public abstract bool TryLock(SafeFileHandle file, string path);

    /// <summary>Whether any process has the file open for writing; null if unknown.</summary>
    public abstract bool? HasWriter(SafeFileHandle file, string path);

    /// <summary>Classifies a system error number.</summary>
    public abstract StorageFailure Classify(int error);

    /// <summary>
    /// The folder's path without symbolic links and dots; the path itself if the folder does not exist.
    /// </summary>
    public abstract string RealFolder(string folder);

    /// <summary>Rejects a path that does not name a file on this system.</summary>
    public abstract void RequireFilePath(string path);
}
