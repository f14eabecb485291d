using System.Globalization;
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
    Socket = 0xC000,
}

/// <summary>What the file system says about a file. Owner, inode and device are 0 where the system has none or .NET cannot tell.</summary>
internal sealed record FileStatus(
    FileKind Kind, UnixFileMode Mode, uint User, uint Group, uint Links, long Size, ulong Inode, ulong Device, DateTime ModifiedUtc,
    bool IsMountPoint)
{
    /// <summary>Read and write for the owner, nothing for others: what the seed requires of the user file.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether group or others have any access.</summary>
    public bool IsWide => (Mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0;

    /// <summary>The mode as four octal digits.</summary>
    public string ModeText => Convert.ToString((int)Mode, 8).PadLeft(4, '0');

    /// <summary>The owner's name, or number where there is no name; empty where the system cannot tell.</summary>
    public string Owner => OperatingSystem.IsLinux() ? Posix.UserName(User) ?? User.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>What it is, as a word.</summary>
    public string KindText => Kind switch
    {
        FileKind.Regular => "file",
        FileKind.Folder => "folder",
        FileKind.Pipe => "named pipe",
        FileKind.Socket => "socket",
        _ => "device",
    };

    public static FileStatus? Of(string path)
    {
        if (OperatingSystem.IsLinux())
            return Posix.FactsOf(path);
        var info = new FileInfo(path);
        if (Directory.Exists(path))
            return Portable(info) with { Kind = FileKind.Folder };
        return info.Exists ? Portable(info) : null;
    }

    public static FileStatus Of(SafeFileHandle handle, string path) =>
        OperatingSystem.IsLinux() ? Posix.FactsOf(handle, path) : Portable(new FileInfo(path)) with { Size = RandomAccess.GetLength(handle) };

    private static FileStatus Portable(FileInfo info) => new(
        FileKind.Regular, OperatingSystem.IsWindows() ? OwnerOnly : info.UnixFileMode, 0, 0, 1, info.Exists ? info.Length : 0, 0, 0, info.LastWriteTimeUtc, false);
}
