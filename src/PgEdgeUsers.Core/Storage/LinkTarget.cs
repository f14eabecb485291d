namespace PgEdgeUsers.Core.Storage;

/// <summary>Finds the file that symbolic links lead to, as the system does.</summary>
internal static class LinkTarget
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>The file itself for a path that may be a symbolic link, also where that leads to nothing yet. A path that is no link stays as it is.</summary>
    /// <exception cref="PgEdgeUsersException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        var final = path;
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (new FileInfo(final).LinkTarget is not { } next)
                return final;
            var joined = Path.Combine(Path.GetDirectoryName(final)!, next);
            final = Path.Combine(RealFolder(Path.GetDirectoryName(joined)!), Path.GetFileName(joined));
        }

        throw new PgEdgeUsersException(FailureKind.InvalidUserFilePath, $"The symbolic link '{path}' leads to itself. Name the user file itself with -Path.");
    }

    /// <summary>What a link calls "the folder above" is above the real folder, not above one whose name is a link itself.</summary>
    private static string RealFolder(string folder) =>
        (OperatingSystem.IsWindows() ? null : Posix.RealPath(folder)) ?? Path.GetFullPath(folder);
}
