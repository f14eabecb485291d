namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Resolves symbolic links as the system does. A link is followed only if it belongs to root, to the effective user or
/// to the owner of its target; anyone else could create a link that leads root to any file.
/// </summary>
internal static class LinkTarget
{
    /// <summary>The maximum that Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>
    /// The target of a path that may be a symbolic link; the target need not exist. Any other path is returned
    /// unchanged.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="StorageException">The links form a cycle, or one of them must not be followed.</exception>
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
            // ".." in a link is relative to the real folder, not to a path that contains links.
            target = Path.Combine(FileSystem.Current.RealFolder(Path.GetDirectoryName(next)!), Path.GetFileName(next));
        }

        throw new StorageException(
            StorageFailure.InvalidPath,
            path,
            $"the symbolic link '{path}' leads to itself",
            "Specify the file itself.");
    }

    /// <summary>Checks the links among the folders of a path, starting at the root.</summary>
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
        // Owners are unknown on the other systems.
        if (!OperatingSystem.IsLinux() || FileSystem.Current.IsTrusted(link.Owner, FileStatus.Of(path)?.Owner))
            return;
        throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"the symbolic link '{path}' belongs to {link.Owner.Name}, who does not own its target, "
                + "so it is not followed",
            "Specify the file itself, or have root or the file's owner create the link.");
    }
}
