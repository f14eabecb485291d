using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>Linux and macOS. Owners, link counts and extended attributes are not available on macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PosixFileSystem : FileSystem
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NotAFolder = 20;
    private const int TextBusy = 26;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    private static readonly bool IsLinux = OperatingSystem.IsLinux();

    /// <summary>Error numbers that differ between Linux and macOS.</summary>
    private static readonly (int NameTooLong, int NoLocks, int LinkLoop, int NotSupported, int Quota) Errors =
        IsLinux ? (36, 37, 40, 95, 122) : (63, 77, 62, 45, 69);

    public override bool IsPrivileged => Posix.EffectiveUser == 0;

    public override SafeFileHandle OpenForReading(string path) => Posix.Open(path, SidecarAccess.Read);

    public override SafeFileHandle OpenExisting(string path, SidecarAccess access) => Posix.Open(path, access);

    public override SafeFileHandle CreateNew(string path)
    {
        var file = Posix.CreateNew(path);
        try
        {
            // The umask may have removed rights of the owner.
            RestrictToOwner(file);
            return file;
        }
        catch
        {
            file.Dispose();
            SidecarFile.Discard(path);
            throw;
        }
    }

    public override FileStatus StatusOf(SafeFileHandle file, string path) => IsLinux
        ? Posix.StatusOf(file, path)
        : Portable(new FileInfo(path)) with { Size = RandomAccess.GetLength(file) };

    public override FileStatus? StatusOf(string path, bool followLinks)
    {
        if (IsLinux)
            return Posix.StatusOf(path, followLinks);
        var info = new FileInfo(path);
        if (!followLinks && info.LinkTarget is not null)
            return Portable(info) with { Kind = FileKind.SymbolicLink };
        if (Directory.Exists(path))
            return Portable(info) with { Kind = FileKind.Folder };
        return info.Exists ? Portable(info) : null;
    }

    public override string NameOf(FileOwner owner) => IsLinux
        ? Posix.UserName(owner.User) ?? owner.User.ToString(CultureInfo.InvariantCulture)
        : "";

    public override bool IsTrusted(FileOwner owner, FileOwner? other) =>
        owner.User == 0 || owner.User == Posix.EffectiveUser || owner.User == other?.User;

    public override bool CanGiveTo(FileOwner owner) => !IsLinux || IsPrivileged || owner.User == Posix.EffectiveUser;

    public override void GiveTo(SafeFileHandle created, string path, FileOwner owner)
    {
        if (!IsLinux)
            return;
        var own = Posix.StatusOf(created, path);
        if (own.User != owner.User || own.Group != owner.Group)
            Posix.ChangeOwner(created, owner.User, owner.Group, path);
    }

    public override void RestrictToOwner(SafeFileHandle file) => File.SetUnixFileMode(file, FileStatus.OwnerOnly);

    public override IReadOnlyList<string> KeepAttributes(
        SafeFileHandle created, string path, string originalPath, FileStatus original)
    {
        if (!IsLinux)
            return [];
        using var file = FileContent.Open(originalPath);
        // A file that was removed or replaced in the meantime is detected later.
        if (file is null || !Posix.StatusOf(file, originalPath).IsSameFileAs(original))
            return [];
        var lost = ExtendedAttributes.Copy(file, created);
        // Copying an access list sets the group part of the mode to its mask.
        if (Posix.StatusOf(created, path).Mode != FileStatus.OwnerOnly)
            RestrictToOwner(created);
        return lost;
    }

    public override void Rename(SafeFileHandle? file, string from, string to) => Posix.Rename(from, to);

    public override void SyncFolder(string folder) => Posix.SyncFolder(folder);

    public override bool TryLock(SafeFileHandle file, string path) => Posix.TryLock(file, path);

    public override bool? HasWriter(SafeFileHandle file, string path) => Posix.HasWriter(file);

    public override string RealFolder(string folder) => Posix.RealPath(folder) ?? Path.GetFullPath(folder);

    public override void RequireFilePath(string path)
    {
    }

    public override StorageFailure Classify(int error)
    {
        if (error is NotPermitted or AccessDenied)
            return StorageFailure.AccessDenied;
        if (error == ReadOnlyFileSystem)
            return StorageFailure.ReadOnly;
        if (error == NoSpace || error == Errors.Quota)
            return StorageFailure.Full;
        if (error == TextBusy)
            return StorageFailure.InUse;
        if (error == Errors.NoLocks || error == Errors.NotSupported)
            return StorageFailure.NoLocks;
        return error == NotAFolder || error == Errors.NameTooLong || error == Errors.LinkLoop
            ? StorageFailure.InvalidPath
            : StorageFailure.Other;
    }

    private static FileStatus Portable(FileInfo info) => new(
        FileKind.Regular,
        info.UnixFileMode,
        new FileOwner(0, 0),
        Links: 1,
        info.Exists ? info.Length : 0,
        Inode: 0,
        Device: 0,
        info.LastWriteTimeUtc,
        IsMountPoint: false);
}
