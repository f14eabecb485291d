using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>System calls of Linux that .NET does not offer. Some of them also exist on macOS.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxBasicStats = 0x7FF;
    private const ulong MountRoot = 0x2000;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int InvalidArgument = 22;
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int LeaseForReading = 0;
    private const int NoLease = 2;
    private const int SignalUrgent = 23;

    private static readonly bool IsMacOS = OperatingSystem.IsMacOS();
    private static readonly int Create = IsMacOS ? 0x200 : 0x40;
    private static readonly int Exclusive = IsMacOS ? 0x800 : 0x80;
    private static readonly int NonBlocking = IsMacOS ? 0x4 : 0x800;
    private static readonly int ToEnd = IsMacOS ? 0x8 : 0x400;
    private static readonly int CloseOnExec = IsMacOS ? 0x1000000 : 0x80000;
    private static readonly int NoFollow = IsMacOS ? 0x100
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le
            ? 0x8000
            : 0x20000;

    private static readonly int WouldBlock = IsMacOS ? 35 : Again;
    private static readonly object Accounts = new();

    /// <summary>The effective user of this process.</summary>
    public static uint EffectiveUser => GetEffectiveUser();

    /// <summary>
    /// Opens an existing file. It does not follow a symbolic link in the last path component, and never blocks.
    /// </summary>
    /// <exception cref="IOException">
    /// With the error number as <see cref="Exception.HResult"/> and the system's message.
    /// </exception>
    public static SafeFileHandle Open(string path, SidecarAccess access)
    {
        var flags = access switch
        {
            SidecarAccess.Read => ReadOnly,
            SidecarAccess.Append => ReadWrite | ToEnd,
            _ => ReadWrite,
        };
        return Open(path, flags | NoFollow | NonBlocking);
    }

    /// <summary>Creates a file that must not exist yet, with mode 0600 or, after the umask, less.</summary>
    public static SafeFileHandle CreateNew(string path) => Open(path, ReadWrite | Create | Exclusive | NoFollow);

    /// <summary>Atomically renames over a file. .NET's own method copies if the system cannot rename.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) < 0)
            throw Failure("replace", to);
    }

    /// <summary>Syncs a folder's entries. Does nothing on file systems that do not support this.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = Open(folder, ReadOnly);
        while (Fsync(handle) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == InvalidArgument)
                return;
            if (error != Interrupted)
                throw Failure("sync the folder", folder);
        }
    }

    /// <summary>The path of a folder without symbolic links and dots; null if the folder does not exist.</summary>
    public static string? RealPath(string folder)
    {
        var buffer = new byte[4097];
        return RealPath(folder, buffer) == 0
            ? null
            : Encoding.UTF8.GetString(buffer.AsSpan(0, buffer.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>
    /// The target of a short symbolic link, such as those in /proc; null if it is not a link or cannot be read.
    /// </summary>
    public static string? ShortLink(string path)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = ReadLink(path, buffer, buffer.Length);
        return length > 0 ? Encoding.UTF8.GetString(buffer[..(int)length]) : null;
    }

    /// <summary>
    /// Whether any process has the file open for writing; null if unknown. The kernel grants a read lease only if no
    /// process has, and only to the file's owner and to root.
    /// </summary>
    public static bool? HasWriter(SafeFileHandle file)
    {
        // A process that opens the file for writing during the lease waits for its end, and the kernel signals us. The
        // default signal would end this process; this one is ignored.
        if (!OperatingSystem.IsLinux() || Control(file, SetSignal, SignalUrgent) < 0)
            return null;
        if (Control(file, SetLease, LeaseForReading) < 0)
            return Marshal.GetLastPInvokeError() == Again ? true : null;
        _ = Control(file, SetLease, NoLease);
        return false;
    }

    /// <summary>Locks the file if it is not locked.</summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (Flock(file, LockExclusive | LockNonBlocking) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
                return false;
            if (error != Interrupted)
                throw Failure("lock", path);
        }

        return true;
    }

    /// <summary>Changes the owner and group of an open file.</summary>
    public static void ChangeOwner(SafeFileHandle file, uint user, uint group, string path)
    {
        if (Fchown(file, user, group) < 0)
            throw Failure("change the owner of", path);
    }

    /// <summary>The name of a user from the system's user database; null if no user has that number.</summary>
    public static string? UserName(uint user) => NameIn(GetPwUid, user);

    /// <summary>The name of a group; null if no group has that number.</summary>
    public static string? GroupName(uint group) => NameIn(GetGrGid, group);

    /// <summary>The status of an open file (Linux).</summary>
    public static FileStatus StatusOf(SafeFileHandle file, string path)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Status((int)file.DangerousGetHandle(), "", AtEmptyPath, path) ?? throw Failure("look at", path);
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>The status of the file at a path (Linux); null if there is none.</summary>
    public static FileStatus? StatusOf(string path, bool followLinks) =>
        Status(AtFdCwd, path, followLinks ? 0 : AtSymlinkNoFollow, path);

    private static FileStatus? Status(int folder, string path, int flags, string shownPath)
    {
        if (StatX(folder, path, flags, StatxBasicStats, out var s) < 0)
            return Marshal.GetLastPInvokeError() == NoSuchFile ? null : throw Failure("look at", shownPath);
        return new FileStatus(
            (FileKind)(s.Mode & 0xF000),
            (UnixFileMode)(s.Mode & 0xFFF),
            new FileOwner(s.User, s.Group),
            s.Links,
            s.Size,
            s.Inode,
            ((ulong)s.DeviceMajor << 32) | s.DeviceMinor,
            DateTime.UnixEpoch.AddSeconds(s.ModifiedSeconds).AddTicks(s.ModifiedNanoseconds / 100),
            (s.Attributes & MountRoot) != 0);
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        int descriptor;
        do
        {
            descriptor = OpenFile(path, flags | CloseOnExec, 0x180); // 0600
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    /// <summary>
    /// The name is the first member of the entry on Linux and macOS. All threads share one entry, hence the lock.
    /// </summary>
    private static string? NameIn(Func<uint, nint> entryOf, uint number)
    {
        lock (Accounts)
        {
            var entry = entryOf(number);
            return entry == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry));
        }
    }

    private static IOException Failure(string action, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"Could not {action} '{path}': {Marshal.GetPInvokeErrorMessage(error)}";
        return error == NoSuchFile ? new FileNotFoundException(message, path) : new IOException(message, error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, byte[] resolved);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, Span<byte> text, nint size);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint GetPwUid(uint user);

    [LibraryImport("libc", EntryPoint = "getgrgid")]
    private static partial nint GetGrGid(uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out StatXBuffer buffer);

    /// <summary>The kernel's <c>struct statx</c>, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXBuffer
    {
        [FieldOffset(8)] public ulong Attributes;
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public long Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
