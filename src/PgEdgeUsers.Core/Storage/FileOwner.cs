using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>Whose a file is: of files that stand in for, or beside, another, and of the user file alone.</summary>
internal static class FileOwner
{
    /// <summary>Gives an open file the owner and group of another, so that a server that runs as that user can still use it when root has edited it.</summary>
    /// <param name="handle">The new file.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="original">The facts of the file whose owner counts; null when there is none.</param>
    /// <exception cref="IOException">The owner cannot be kept.</exception>
    public static void Keep(SafeFileHandle handle, string path, FileStatus? original)
    {
        if (original is null || !OperatingSystem.IsLinux())
            return;
        var own = FileStatus.Of(handle, path);
        if (own.User != original.User || own.Group != original.Group)
            Posix.ChangeOwner(handle, original.User, original.Group, path);
    }

    /// <summary>Takes from an open file what its mode gives to others than its owner.</summary>
    /// <exception cref="UnauthorizedAccessException">The mode is wide and the file another's.</exception>
    public static void Tighten(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsWindows() && FileStatus.Of(handle, path).IsWide)
            File.SetUnixFileMode(handle, FileStatus.OwnerOnly);
    }
}
