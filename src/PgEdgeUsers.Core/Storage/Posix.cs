using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The system calls that .NET has no words for. Linux's, and of them what macOS shares.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasicStats = 0x7FF;
    private const ulong MountRoot = 0x2000;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int InvalidArgument = 22;
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int LeaseForReading = 0;
    private const int NoLease = 2;
    private const int SignalUrgent = 23;

    private static readonly int Create = OperatingSystem.IsMacOS() ? 0x200 : 0x40;
    private static readonly int Exclusive = OperatingSystem.IsMacOS() ? 0x800 : 0x80;
    private static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le ? 0x8000 : 0x20000;

    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : Again;

    /// <summary>Opens for reading. Never waits for the other end of a pipe.</summary>
    /// <exception cref="IOException">With the error number as <see cref="Exception.HResult"/> and the system's words.</exception>
    public static SafeFileHandle OpenForReading(string path) => Open(path, ReadOnly | NonBlocking | CloseOnExec);

    /// <summary>Opens for writing what is there, and follows no symbolic link in the last place.</summary>
    public static SafeFileHandle OpenForWriting(string path) => Open(path, ReadWrite | CloseOnExec | NoFollow);

    /// <summary>Opens for writing what may be new (mode 0600 then), and follows no symbolic link in the last place.</summary>
    public static SafeFileHandle OpenOrCreateForWriting(string path) => ForOwner(Open(path, ReadWrite | Create | CloseOnExec | NoFollow));

    /// <summary>Makes a file, mode 0600 from birth, that must not be there yet.</summary>
    public static SafeFileHandle CreateForOwner(string path) => ForOwner(Open(path, WriteOnly | Create | Exclusive | CloseOnExec));

    /// <summary>Renames over a file, in one step or not at all. .NET's own way copies where the system cannot rename.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) < 0)
            throw Failure("replace", to);
    }

    /// <summary>Makes a rename in a folder last: its entries go to the disk. File systems that have no such thing are left alone.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = Open(folder, ReadOnly | CloseOnExec);
        while (Fsync(handle) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == InvalidArgument)
                return;
            if (error != Interrupted)
                throw Failure("sync the folder", folder);
        }
    }

    /// <summary>The path of a folder without symbolic links and dots; null when there is no such folder.</summary>
    public static string? RealPath(string folder)
    {
        var buffer = new byte[4097];
        return RealPath(folder, buffer) == 0 ? null : Encoding.UTF8.GetString(buffer.AsSpan(0, buffer.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>Whether a path is a symbolic link with this very text.</summary>
    public static bool LeadsTo(string link, ReadOnlySpan<byte> target)
    {
        Span<byte> buffer = stackalloc byte[64];
        var length = ReadLink(link, buffer, buffer.Length);
        return length > 0 && buffer[..(int)length].SequenceEqual(target);
    }

    /// <summary>
    /// Whether any process has the file open for writing. A lease for reading is given only where none has, to the file's owner
    /// and to root. Null where the system does not say.
    /// </summary>
    public static bool? HasWriter(SafeFileHandle handle)
    {
        // One who opens the file for writing meanwhile waits for the lease's end and has us signalled: by a signal that is ignored.
        if (!OperatingSystem.IsLinux() || Control(handle, SetSignal, SignalUrgent) < 0)
            return null;
        if (Control(handle, SetLease, LeaseForReading) < 0)
            return Marshal.GetLastPInvokeError() == Again ? true : null;
        _ = Control(handle, SetLease, NoLease);
        return false;
    }

    /// <summary>Takes the file's lock if no one else has it. The kernel gives it back when the handle or its process ends.</summary>
    public static bool TryLock(SafeFileHandle handle, string path)
    {
        while (Flock(handle, LockExclusive | LockNonBlocking) < 0)
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
    public static void ChangeOwner(SafeFileHandle handle, uint user, uint group, string path)
    {
        if (Fchown(handle, user, group) < 0)
            throw Failure("change the owner of", path);
    }

    /// <summary>The name of a user, from wherever the system keeps its users; null when it has none of that number.</summary>
    public static string? UserName(uint user)
    {
        // The name is the first member of struct passwd on Linux and macOS.
        var entry = GetPwUid(user);
        return entry == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry));
    }

    /// <summary>Facts about an open file (Linux).</summary>
    public static FileStatus FactsOf(SafeFileHandle handle, string path)
    {
        var added = false;
        try
        {
            handle.DangerousAddRef(ref added);
            return Facts((int)handle.DangerousGetHandle(), "", AtEmptyPath, path);
        }
        finally
        {
            if (added)
                handle.DangerousRelease();
        }
    }

    /// <summary>Facts about what a path leads to (Linux), or null when that is nothing.</summary>
    public static FileStatus? FactsOf(string path)
    {
        try
        {
            return Facts(AtFdCwd, path, 0, path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static FileStatus Facts(int folder, string path, int flags, string shownPath)
    {
        if (StatX(folder, path, flags, StatxBasicStats, out var s) < 0)
            throw Failure("look at", shownPath);
        return new FileStatus((FileKind)(s.Mode & 0xF000), (UnixFileMode)(s.Mode & 0xFFF), s.User, s.Group, s.Links, s.Size,
            s.Inode, ((ulong)s.DeviceMajor << 32) | s.DeviceMinor,
            DateTime.UnixEpoch.AddSeconds(s.ModifiedSeconds).AddTicks(s.ModifiedNanoseconds / 100),
            (s.Attributes & MountRoot) != 0);
    }

    /// <summary>Makes sure of the mode where it does not arrive: on macOS variable arguments are passed in another way than these are.</summary>
    private static SafeFileHandle ForOwner(SafeFileHandle made)
    {
        if (OperatingSystem.IsMacOS())
            File.SetUnixFileMode(made, FileStatus.OwnerOnly);
        return made;
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        int descriptor;
        do
        {
            descriptor = OpenFile(path, flags, 0x180); // 0600
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    private static IOException Failure(string action, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"Could not {action} '{path}': {Marshal.GetPInvokeErrorMessage(error)}";
        return error == 2 ? new FileNotFoundException(message, path) : new IOException(message, error);
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

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint GetPwUid(uint user);

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
