using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// The Windows calls that .NET does not offer. Failures have the Windows error code in their <see
/// cref="Exception.HResult"/>.
/// </summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsCalls
{
    public const uint ReadData = 0x1;
    public const uint AppendData = 0x4;
    public const uint ReadAttributes = 0x80;
    public const uint Delete = 0x10000;
    public const uint ReadControl = 0x20000;
    public const uint WriteAccessList = 0x40000;
    public const uint WriteOwner = 0x80000;
    public const uint Synchronize = 0x100000;
    public const uint GenericRead = 0x80000000;
    public const uint GenericWrite = 0x40000000;

    public const uint ShareRead = 1;
    public const uint ShareDelete = 4;
    public const uint ShareAll = 7;

    public const uint CreateNew = 1;
    public const uint OpenExisting = 3;

    public const uint OpenReparsePoint = 0x00200000;
    public const uint BackupSemantics = 0x02000000;
    public const uint WriteThrough = 0x80000000;

    public const int InvalidFunction = 1;
    public const int FileNotFound = 2;
    public const int PathNotFound = 3;
    public const int AccessDenied = 5;
    public const int SharingViolation = 32;
    public const int LockViolation = 33;
    public const int NotSupported = 50;
    public const int InvalidParameter = 87;

    private const int RenameInfoEx = 22;
    private const int AttributeTagInfo = 9;
    private const int ProcessIdsUsingFile = 47;
    private const uint ReplaceIfExists = 0x1;
    private const uint PosixSemantics = 0x2;
    private const uint MoveReplaces = 0x1;
    private const uint MoveIsWrittenThrough = 0x8;
    private const uint LockFailsAtOnce = 0x1;
    private const uint LockIsExclusive = 0x2;
    private const int FileObject = 1;
    private const int OwnerInformation = 1;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="access">The requested rights.</param>
    /// <param name="share">The access that other processes may have at the same time.</param>
    /// <param name="disposition">Whether to open or create it.</param>
    /// <param name="flags">The flags of <c>CreateFile</c>.</param>
    /// <param name="descriptor">The security descriptor of a new file.</param>
    public static SafeFileHandle Open(
        string path, uint access, uint share, uint disposition, uint flags, byte[]? descriptor = null)
    {
        var handle = TryOpen(path, access, share, disposition, flags, out var error, descriptor);
        return handle ?? throw Failure(error, "open", path);
    }

    /// <summary>Opens or creates a file; null, with the error, if that fails.</summary>
    public static unsafe SafeFileHandle? TryOpen(
        string path, uint access, uint share, uint disposition, uint flags, out int error, byte[]? descriptor = null)
    {
        fixed (byte* bytes = descriptor)
        {
            var attributes = new SecurityAttributes { Length = sizeof(SecurityAttributes), Descriptor = (nint)bytes };
            var security = bytes is null ? null : &attributes;
            var handle = CreateFile(Extended(path), access, share, security, disposition, flags, 0);
            error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            if (!handle.IsInvalid)
                return handle;
            handle.Dispose();
            return null;
        }
    }

    /// <summary>The file system's information about an open file.</summary>
    public static HandleInformation InformationOf(SafeFileHandle file, string path) =>
        GetFileInformationByHandle(file, out var information)
            ? information
            : throw Failure(Marshal.GetLastPInvokeError(), "look at", path);

    /// <summary>The reparse tag of an open file; 0 if it is not a reparse point.</summary>
    public static uint ReparseTagOf(SafeFileHandle file) =>
        GetFileInformationByHandleEx(file, AttributeTagInfo, out var tag, 8) ? tag.ReparseTag : 0;

    /// <summary>Whether the handle refers to a file on a disk, not to a pipe or device.</summary>
    public static bool IsOnDisk(SafeFileHandle file) => GetFileType(file) == 1;

    /// <summary>
    /// Calls a function with the security identifier of an open file's owner. The pointer is valid during the call
    /// only.
    /// </summary>
    public static T? WithOwner<T>(SafeFileHandle file, Func<nint, T> use)
        where T : class
    {
        if (GetSecurityInfo(file, FileObject, OwnerInformation, out var owner, 0, 0, 0, out var descriptor) != 0)
            return null;
        try
        {
            return owner == 0 ? null : use(owner);
        }
        finally
        {
            Marshal.FreeHGlobal(descriptor);
        }
    }

    /// <summary>Renames an open file over another, even if that is open elsewhere. Returns the error, or 0.</summary>
    public static unsafe int RenameOver(SafeFileHandle file, string to)
    {
        var name = Encoding.Unicode.GetBytes(Extended(to));
        // FILE_RENAME_INFO: flags, folder handle, length of the name, name; aligned like a pointer.
        var lengthAt = 2 * sizeof(nint);
        var buffer = new byte[lengthAt + sizeof(uint) + name.Length + sizeof(char)];
        BitConverter.TryWriteBytes(buffer, ReplaceIfExists | PosixSemantics);
        BitConverter.TryWriteBytes(buffer.AsSpan(lengthAt), name.Length);
        name.CopyTo(buffer, lengthAt + sizeof(uint));
        return ErrorUnless(SetFileInformationByHandle(file, RenameInfoEx, buffer, buffer.Length));
    }

    /// <summary>Renames a file over another that is not open elsewhere. Returns the error, or 0.</summary>
    public static int MoveOver(string from, string to) =>
        ErrorUnless(MoveFileEx(Extended(from), Extended(to), MoveReplaces | MoveIsWrittenThrough));

    /// <summary>
    /// Locks a byte far beyond the end of the file, so that reading and writing are not blocked. Returns the error, or
    /// 0.
    /// </summary>
    public static int Lock(SafeFileHandle file)
    {
        var range = new Overlapped { Offset = 0, OffsetHigh = 0x40000000 };
        return ErrorUnless(LockFileEx(file, LockFailsAtOnce | LockIsExclusive, 0, 1, 0, ref range));
    }

    /// <summary>Syncs an open folder.</summary>
    public static bool Flush(SafeFileHandle folder) => FlushFileBuffers(folder);

    /// <summary>How many processes have the file open; null if unknown.</summary>
    public static int? ProcessesUsing(SafeFileHandle file)
    {
        var buffer = new byte[4096];
        return NtQueryInformationFile(file, out _, buffer, buffer.Length, ProcessIdsUsingFile) == 0
            ? BitConverter.ToInt32(buffer)
            : null;
    }

    /// <summary>Converts an error code to the exception that .NET's own file operations would throw.</summary>
    public static Exception Failure(int error, string action, string path)
    {
        var message = $"Could not {action} '{path}': {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            FileNotFound or PathNotFound => new FileNotFoundException(message, path),
            AccessDenied => new UnauthorizedAccessException(message),
            _ => new IOException(message, unchecked((int)0x80070000) | error),
        };
    }

    private static int ErrorUnless(bool succeeded) => succeeded ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Adds the prefix that long paths need. It disables path parsing.</summary>
    private static string Extended(string path)
    {
        const int MaxShortPath = 240;
        if (path.Length < MaxShortPath || path.StartsWith(@"\\?\", StringComparison.Ordinal))
            return path;
        return path.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC\" + path[2..] : @"\\?\" + path;
    }

    [LibraryImport(
        "kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static unsafe partial SafeFileHandle CreateFile(
        string path,
        uint access,
        uint share,
        SecurityAttributes* security,
        uint disposition,
        uint flags,
        nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, out HandleInformation information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandleEx(
        SafeFileHandle file, int kind, out AttributeTag information, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetFileInformationByHandle(SafeFileHandle file, int kind, byte[] information, int size);

    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle file);

    [LibraryImport(
        "kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string from, string to, uint flags);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFileEx(
        SafeFileHandle file, uint flags, uint reserved, uint bytes, uint bytesHigh, ref Overlapped range);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);

    [LibraryImport("advapi32")]
    private static partial int GetSecurityInfo(
        SafeFileHandle file,
        int kind,
        int information,
        out nint owner,
        nint group,
        nint access,
        nint audit,
        out nint descriptor);

    [LibraryImport("ntdll")]
    private static partial int NtQueryInformationFile(
        SafeFileHandle file, out StatusBlock status, byte[] information, int size, int kind);

    /// <summary><c>BY_HANDLE_FILE_INFORMATION</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct HandleInformation
    {
        public uint Attributes;
        public uint CreatedLow;
        public uint CreatedHigh;
        public uint AccessedLow;
        public uint AccessedHigh;
        public uint ModifiedLow;
        public uint ModifiedHigh;
        public uint Volume;
        public uint SizeHigh;
        public uint SizeLow;
        public uint Links;
        public uint IndexHigh;
        public uint IndexLow;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SecurityAttributes
    {
        public int Length;
        public nint Descriptor;
        public int IsInherited;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AttributeTag
    {
        public uint Attributes;
        public uint ReparseTag;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Overlapped
    {
        public nint Internal;
        public nint InternalHigh;
        public uint Offset;
        public uint OffsetHigh;
        public nint Event;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct StatusBlock
    {
        public nint Status;
        public nint Information;
    }
}
