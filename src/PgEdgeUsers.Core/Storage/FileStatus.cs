using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>What kind of thing a path names, as the bits of <c>st_mode</c>.</summary>
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
/// What the file system says about a file. Numbers are 0 where the system has none or .NET cannot tell.
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
    /// <summary>Read and write for the owner, nothing for others: what the pgEdge documentation asks for.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The number of the user that the file belongs to.</summary>
    public uint User => Owner.User;

    /// <summary>The number of the group that the file belongs to.</summary>
    public uint Group => Owner.Group;

    /// <summary>
    /// Whether group or others have any access. An access list is included: its mask is the group's part of the mode.
    /// </summary>
    public bool IsPermissive => (Mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0;

    /// <summary>The mode as four octal digits; empty on Windows, which has no modes.</summary>
    public string ModeText => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)Mode, 8).PadLeft(4, '0');

    /// <summary>What it is, as words.</summary>
    public string KindText => Kind switch
    {
        FileKind.Regular => "file",
        FileKind.Folder => "folder",
        FileKind.Pipe => "named pipe",
        FileKind.Socket => "socket",
        FileKind.SymbolicLink => "symbolic link",
        _ => "device",
    };

    /// <summary>The status of what a path leads to through symbolic links; null when that is nothing.</summary>
    public static FileStatus? Of(string path) => FileSystem.Current.StatusOf(path, followLinks: true);

    /// <summary>The status of what a path names itself, be it a symbolic link; null when that is nothing.</summary>
    public static FileStatus? OfLink(string path) => FileSystem.Current.StatusOf(path, followLinks: false);

    /// <summary>The status of an open file.</summary>
    public static FileStatus Of(SafeFileHandle handle, string path) => FileSystem.Current.StatusOf(handle, path);

    /// <summary>Whether both are of one and the same file, whatever was done to it in between.</summary>
    public bool IsSameFileAs(FileStatus? other) => other is not null && (Inode, Device) == (other.Inode, other.Device);
}
