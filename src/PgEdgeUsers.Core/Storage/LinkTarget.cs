namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Finds the file that symbolic links lead to, as the system does. A link is followed only if it belongs to root, to
/// the effective user or to the owner of what it leads to: anyone else's could lead root anywhere.
/// </summary>
internal static class LinkTarget
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>
    /// The file itself for a path that may be a symbolic link, also where that leads to nothing yet. A path that is no
    /// link stays as it is.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="StorageException">The links lead in a circle, or one is not to be followed.</exception>
    public static string Of(string path)
    {
        var target = path;
        for (var links = 0; links <= MaxLinks; links++)
        {
            RequireTrustedFolder(Path.GetDirectoryName(target));
            if (FileStatus.OfLink(target) is not { Kind: FileKind.SymbolicLink } link)
                return target;
            RequireTrusted(target, link);
            var next = Path.Combine(Path.GetDirectoryName(target)!, new FileInfo(target).LinkTarget ?? "");
            // What a link calls "the folder above" is above the real folder, not above one whose name is a link itself.
            target = Path.Combine(FileSystem.Current.RealFolder(Path.GetDirectoryName(next)!), Path.GetFileName(next));
        }

        throw new StorageException(
            StorageFailure.InvalidPath, path, $"the symbolic link '{path}' leads to itself", "Name the file itself.");
    }

    /// <summary>Checks the links among the folders of a path, from the root on.</summary>
    private static void RequireTrustedFolder(string? folder)
    {
        if (folder is null || OperatingSystem.IsWindows())
            return;
        RequireTrustedFolder(Path.GetDirectoryName(folder));
        if (FileStatus.OfLink(folder) is not { Kind: FileKind.SymbolicLink } link)
            return;
        RequireTrusted(folder, link);
        if (new FileInfo(folder).LinkTarget is { } next && FileSystem.Current.RealFolder(folder) != folder)
            RequireTrustedFolder(Path.Combine(Path.GetDirectoryName(folder)!, next));
    }

    private static void RequireTrusted(string path, FileStatus link)
    {
        // Where the system does not tell owners, there is nothing to compare.
        if (!OperatingSystem.IsLinux() || FileSystem.Current.IsTrusted(link.Owner, FileStatus.Of(path)?.Owner))
            return;
        throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"the symbolic link '{path}' belongs to {link.Owner.Name}, who does not own what it leads to, "
                + "and so is not followed",
            "Name the file itself, or have root or the file's owner create the link.");
    }
}
