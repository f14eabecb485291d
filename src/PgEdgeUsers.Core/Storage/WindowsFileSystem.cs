using System.Runtime.Versioning;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;
using static PgEdgeUsers.Core.Storage.WindowsCalls;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Windows, which has access lists instead of modes, and where renaming over a file may fail while it is open.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsFileSystem : FileSystem
{
    private const uint SymbolicLinkTag = 0xA000000C;
    private const uint MountPointTag = 0xA0000003;

    /// <summary>How often a rename is tried while the file is open elsewhere, for one second in total.</summary>
    private const int MaxRenames = 40;

    private static readonly TimeSpan RenameInterval = TimeSpan.FromMilliseconds(25);

    public override bool IsPrivileged => Environment.IsPrivilegedProcess;

    public override SafeFileHandle OpenForReading(string path) =>
        Open(path, GenericRead, ShareAll, WindowsCalls.OpenExisting, 0);

    public override SafeFileHandle OpenExisting(string path, SidecarAccess access)
    {
        var rights = GenericRead | access switch
        {
            SidecarAccess.Read => 0,
            SidecarAccess.Append => AppendData | Synchronize,
            _ => GenericWrite,
        };
        return Open(path, rights, ShareAll, WindowsCalls.OpenExisting, OpenReparsePoint);
    }

    public override SafeFileHandle CreateNew(string path) => Open(
        path,
        GenericRead | GenericWrite | Delete | WriteAccessList | WriteOwner,
        ShareAll,
        WindowsCalls.CreateNew,
        WriteThrough,
        WindowsAccessList.ForOwner());

    public override FileStatus StatusOf(SafeFileHandle file, string path)
    {
        var information = InformationOf(file, path);
        return new FileStatus(
            KindOf(file, (FileAttributes)information.Attributes),
            FileStatus.OwnerOnly,
            new FileOwner(0, 0, WithOwner(file, sid => new SecurityIdentifier(sid).Value)),
            information.Links,
            Number(information.SizeHigh, information.SizeLow),
            (ulong)Number(information.IndexHigh, information.IndexLow),
            information.Volume,
            DateTime.FromFileTimeUtc(Number(information.ModifiedHigh, information.ModifiedLow)),
            IsMountPoint: false);
    }

    public override FileStatus? StatusOf(string path, bool followLinks)
    {
        var flags = BackupSemantics | (followLinks ? 0 : OpenReparsePoint);
        // An account that may not read the file may not be allowed to see its owner either.
        const uint WithOwner = ReadAttributes | ReadControl;
        using var file = TryOpen(path, WithOwner, ShareAll, WindowsCalls.OpenExisting, flags, out var error)
            ?? TryOpen(path, ReadAttributes, ShareAll, WindowsCalls.OpenExisting, flags, out error);
        if (file is not null)
            return StatusOf(file, path);
        return error is FileNotFound or PathNotFound ? null : throw Failure(error, "look at", path);
    }

    public override string NameOf(FileOwner owner) => owner.Sid is { } sid ? WindowsAccessList.NameOf(sid) : "";

    public override bool IsTrusted(FileOwner owner, FileOwner? other) =>
        owner.Sid is { } sid && (sid == other?.Sid || WindowsAccessList.IsOwnOrSystem(sid));

    /// <summary>
    /// Accounts other than the owner can have the right to replace a file; the folder's access list decides.
    /// </summary>
    public override bool CanGiveTo(FileOwner owner) => true;

    public override void GiveTo(SafeFileHandle created, string path, FileOwner owner)
    {
        if (owner.Sid is { } sid && sid != WindowsAccessList.CurrentUser)
            WindowsAccessList.GiveTo(created, sid);
    }

    /// <summary>Does nothing: files are created with access for their owner only.</summary>
    public override void RestrictToOwner(SafeFileHandle file)
    {
    }

    public override IReadOnlyList<string> KeepAttributes(
        SafeFileHandle created, string path, string originalPath, FileStatus original)
    {
        using var file = FileContent.Open(originalPath);
        return file is not null && StatusOf(file, originalPath).IsSameFileAs(original)
            ? WindowsAccessList.Keep(file, created)
            : [];
    }

    public override void Rename(SafeFileHandle? file, string from, string to)
    {
        for (var attempt = 1; ; attempt++)
        {
            var error = TryRename(file, from, to);
            if (error == 0)
                return;
            var isInUse = error == SharingViolation || (error == AccessDenied && IsInUse(to));
            if (attempt >= MaxRenames || !isInUse)
                throw Failure(isInUse ? SharingViolation : error, "replace", to);
            Thread.Sleep(RenameInterval);
        }
    }

    /// <summary>Syncs a folder's entries if the system allows it. Files are written through in any case.</summary>
    public override void SyncFolder(string folder)
    {
        using var handle = TryOpen(folder, GenericWrite, ShareAll, WindowsCalls.OpenExisting, BackupSemantics, out _);
        if (handle is not null)
            _ = Flush(handle);
    }

    public override bool TryLock(SafeFileHandle file, string path) => WindowsCalls.Lock(file) switch
    {
        0 => true,
        LockViolation => false,
        var error => throw Failure(error, "lock", path),
    };

    /// <remarks>
    /// The reliable way is to open the file again without sharing it with writers. That could block a process that
    /// opens it at the same moment, so it is done only if another process has the file open at all.
    /// </remarks>
    public override bool? HasWriter(SafeFileHandle file, string path)
    {
        if (ProcessesUsing(file) == 1)
            return false;
        const uint NotWithWriters = ShareRead | ShareDelete;
        using var handle = TryOpen(path, ReadData, NotWithWriters, WindowsCalls.OpenExisting, 0, out var error);
        return handle is not null ? false : error == SharingViolation ? true : null;
    }

    public override StorageFailure Classify(int error) => (error & 0xFFFF) switch
    {
        FileNotFound or PathNotFound => StorageFailure.NotFound,
        AccessDenied or 1314 => StorageFailure.AccessDenied, // also: a privilege is missing
        19 => StorageFailure.ReadOnly, // write-protected
        SharingViolation or LockViolation or 1224 => StorageFailure.InUse, // also: mapped into memory elsewhere
        39 or 112 or 1295 => StorageFailure.Full, // disk full, quota exceeded
        InvalidFunction or NotSupported => StorageFailure.NoLocks,
        // No such drive or share, and bad names.
        15 or 53 or 67 or 123 or 161 or 206 or 267 or 1921 => StorageFailure.InvalidPath,
        _ => StorageFailure.Other,
    };

    public override string RealFolder(string folder) => Path.GetFullPath(folder);

    public override void RequireFilePath(string path)
    {
        if (!path[(Path.GetPathRoot(path)?.Length ?? 0)..].Contains(':', StringComparison.Ordinal))
            return;
        throw new StorageException(
            StorageFailure.InvalidPath,
            path,
            $"'{path}' names an alternate data stream, not a file",
            "Specify the file itself.");
    }

    private static int TryRename(SafeFileHandle? file, string from, string to)
    {
        // With POSIX semantics, which older systems and other file systems do not support.
        var error = file is null ? NotSupported : RenameOver(file, to);
        return error is InvalidFunction or NotSupported or InvalidParameter ? MoveOver(from, to) : error;
    }

    /// <summary>
    /// Whether a file is open in a way that prevents replacing it. Without POSIX semantics, any open handle does, and
    /// the system only reports that access is denied.
    /// </summary>
    private static bool IsInUse(string path)
    {
        using var file = TryOpen(path, Delete, ShareAll, WindowsCalls.OpenExisting, OpenReparsePoint, out var error);
        if (file is null)
            return error == SharingViolation;
        if (ProcessesUsing(file) is { } processes)
            return processes > 1;
        file.Dispose();
        const uint ShareNothing = 0;
        using var alone = TryOpen(
            path, Delete, ShareNothing, WindowsCalls.OpenExisting, OpenReparsePoint, out var reason);
        return reason == SharingViolation;
    }

    private static FileKind KindOf(SafeFileHandle file, FileAttributes attributes)
    {
        if (!IsOnDisk(file))
            return FileKind.CharacterDevice;
        if ((attributes & FileAttributes.ReparsePoint) != 0 && ReparseTagOf(file) is SymbolicLinkTag or MountPointTag)
            return FileKind.SymbolicLink;
        return (attributes & FileAttributes.Directory) != 0 ? FileKind.Folder : FileKind.Regular;
    }

    private static long Number(uint high, uint low) => ((long)high << 32) | low;
}
