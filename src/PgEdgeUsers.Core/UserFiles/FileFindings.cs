using System.Runtime.Versioning;
using PgEdgeUsers.Core.Storage;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Finds problems with a user file other than its content: with its access rights, its folder and its path.
/// </summary>
internal static class FileFindings
{
    private const UnixFileMode SharedWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <param name="location">The location of the file.</param>
    /// <param name="target">The file after following symbolic links.</param>
    /// <param name="status">Its status.</param>
    /// <param name="canRepair">
    /// Whether the file can be repaired. A file whose text cannot be read is left alone, because it may not be a user
    /// file.
    /// </param>
    public static IEnumerable<Finding> Of(
        UserFileLocation location, string target, FileStatus status, bool canRepair) =>
    [
        .. OperatingSystem.IsWindows() ? OfAccessList(target) : OfMode(status, canRepair),
        .. OfFolder(Path.GetDirectoryName(target)!, status),
        .. SidecarFindings.Of(target, status),
        .. OfPath(location, target, status),
    ];

    private static IEnumerable<Finding> OfMode(FileStatus status, bool canRepair)
    {
        if (status.IsPermissive)
        {
            yield return new Finding(
                FindingKind.ModeTooWide,
                Warning,
                $"The file's mode is {status.ModeText}: its group or others have access to password hashes.",
                "Make it 0600.")
            {
                CanRepair = canRepair,
            };
        }
    }

    [SupportedOSPlatform("windows")]
    private static IEnumerable<Finding> OfAccessList(string target)
    {
        using var file = FileSystem.Current.OpenForReading(target);
        var groups = string.Join(", ", WindowsAccessList.BroadGroupsOf(file));
        return groups.Length == 0
            ? []
            :
            [
                new Finding(
                    FindingKind.ModeTooWide,
                    Warning,
                    $"The access list of the file gives access to password hashes to {groups}.",
                    "Remove their rights from the file's access list."),
            ];
    }

    private static IEnumerable<Finding> OfFolder(string path, FileStatus file)
    {
        if (OperatingSystem.IsWindows() || FileStatus.Of(path) is not { } folder)
            yield break;
        var isSticky = (folder.Mode & UnixFileMode.StickyBit) != 0;
        if ((folder.Mode & SharedWrite) != 0 && !isSticky)
        {
            yield return new Finding(
                FindingKind.FolderTooWide,
                Warning,
                $"The mode of the folder '{path}' is {folder.ModeText}: accounts other than its owner may replace "
                    + "the user file.",
                "Remove write access for group and others.");
        }
        else if ((folder.Mode & SharedWrite) != 0)
        {
            yield return new Finding(
                FindingKind.FolderShared,
                Warning,
                $"The mode of the folder '{path}' is {folder.ModeText}: others cannot replace the user file, but they "
                    + "can create files next to it, in place of its lock, sessions, audit and history files.",
                "Keep the file in a folder in which only its owner or root may create files.");
        }

        if (folder.User != file.User && folder.User != 0)
        {
            yield return new Finding(
                FindingKind.FolderShared,
                Warning,
                $"The folder '{path}' belongs to {folder.Owner.Name}, who may replace the user file, which belongs to "
                    + $"{file.Owner.Name}.",
                "Keep the file in a folder of its owner or of root.");
        }
        else if (folder.User != file.User)
        {
            yield return new Finding(
                FindingKind.OwnerDiffers,
                Information,
                $"The file belongs to {file.Owner.Name}, its folder to {folder.Owner.Name}.",
                "Make sure that the server runs as the owner of the file.");
        }
    }

    private static IEnumerable<Finding> OfPath(UserFileLocation location, string target, FileStatus status)
    {
        if (location.Setting is { } setting && setting != location.Path)
        {
            yield return new Finding(
                FindingKind.PathNotReloaded,
                Warning,
                $"The server's setting has the path as '{VisibleText.Of(setting)}'. Releases of the server that watch "
                    + "only plain absolute paths do not detect changes.",
                $"Write it as '{location.Path}', or restart the server after changes.");
        }
        else if (target != location.Path)
        {
            yield return new Finding(
                FindingKind.PathNotReloaded,
                Warning,
                $"'{location.Path}' is a symbolic link to '{target}'. Releases of the server that watch only "
                    + "the link's folder do not detect changes.",
                "Specify the file itself in the server's setting, or restart the server after changes.");
        }

        if (status.IsMountPoint)
        {
            yield return new Finding(
                FindingKind.FileIsMountPoint,
                Warning,
                $"'{location.Path}' is a mount point, so it is not replaced in one step but overwritten, and a server "
                    + "on the other side of the mount may not notice changes.",
                "Mount its folder instead, or restart the server after changes.");
        }
    }
}
