using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The type of a file, as in <c>st_mode</c>.</summary>
internal enum FileKind
{
    Pipe = 0x1000,
    CharacterDevice = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>
/// The status of a file as reported by the file system. Numbers are 0 if the system has none or they are unknown.
/// </summary>
internal sealed record FileStatus(
    FileKind Kind,
    UnixFileMode Mode,
    FileOwner Owner,
    uint Links,
    long Size,
    ulong Inode,
    ulong Device,
    DateTime ModifiedUtc,
    bool IsMountPoint)
{
    /// <summary>Read and write for the owner only, as the pgEdge documentation requires.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The number of the owning user.</summary>
    public uint User => Owner.User;

    /// <summary>The number of the owning group.</summary>
    public uint Group => Owner.Group;

    /// <summary>
    /// Whether group or others have any access. This covers access lists, because their mask is the group part of the
    /// mode.
    /// </summary>
    public bool IsPermissive => (Mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0;

    /// <summary>The mode as four octal digits; empty on Windows, which has no modes.</summary>
    public string ModeText => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)Mode, 8).PadLeft(4, '0');

    /// <summary>The kind in words.</summary>
    public string KindText => Kind switch
    {
        FileKind.Regular => "file",
        FileKind.Folder => "folder",
        FileKind.Pipe => "named pipe",
        FileKind.Socket => "socket",
        FileKind.SymbolicLink => "symbolic link",
        _ => "device",
    };

    /// <summary>The status of the file at a path, following symbolic links; null if there is none.</summary>
    public static FileStatus? Of(string path) => FileSystem.Current.StatusOf(path, followLinks: true);

    /// <summary>The status of the file at a path, which may be a symbolic link; null if there is none.</summary>
    public static FileStatus? OfLink(string path) => FileSystem.Current.StatusOf(path, followLinks: false);

    /// <summary>The status of an open file.</summary>
    public static FileStatus Of(SafeFileHandle handle, string path) => FileSystem.Current.StatusOf(handle, path);

    /// <summary>Whether both belong to the same file, even if it was changed in between.</summary>
    public bool IsSameFileAs(FileStatus? other) => other is not null && (Inode, Device) == (other.Inode, other.Device);
}
