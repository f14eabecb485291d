using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Finds the user file that a running server was started with: from its command line, its environment, or the
/// configuration that its command line names (Linux).
/// </summary>
internal static class ServerUserFile
{
    private const string EnvironmentPrefix = UserFileLocator.Variable + "=";

    /// <summary>Whether a server was started with a different file. False if unknown.</summary>
    public static bool IsAnother(RunningServer server, string target, FileStatus file)
    {
        var process = $"/proc/{server.ProcessId}";
        if (Find(Strings(process + "/cmdline"), Strings(process + "/environ")) is not { } path)
            return false;
        try
        {
            // Resolved as the server sees it, because it may run in a container.
            var seen = Path.IsPathRooted(path) ? $"{process}/root{path}" : $"{process}/cwd/{path}";
            return !file.IsSameFileAs(FileStatus.Of(seen));
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return path != target;
        }
    }

    /// <summary>Finds the path that a server was started with; null if there is none.</summary>
    /// <param name="words">Its command line, beginning with the program.</param>
    /// <param name="variables">Its environment.</param>
    internal static string? Find(string[] words, string[] variables) =>
        ValueOf("-user-file", words)
        ?? Array.Find(variables, variable => variable.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
            ?[EnvironmentPrefix.Length..]
        ?? (ValueOf("-config", words) is { } configuration && Path.IsPathRooted(configuration)
            ? ConfiguredIn(configuration)
            : null);

    private static string? ConfiguredIn(string configuration)
    {
        try
        {
            return ServerConfiguration.Load(configuration)?.UserFileSetting;
        }
        catch (PgEdgeUsersException)
        {
            // This account may not read it.
            return null;
        }
    }

    /// <summary>
    /// The value of a command-line flag, which has one or two dashes, and its value after a space or '='.
    /// </summary>
    private static string? ValueOf(string flag, string[] words)
    {
        for (var i = 1; i < words.Length; i++)
        {
            var word = words[i].StartsWith("--", StringComparison.Ordinal) ? words[i][1..] : words[i];
            if (word == flag)
                return i + 1 < words.Length ? words[i + 1] : null;
            if (word.StartsWith(flag + "=", StringComparison.Ordinal))
                return word[(flag.Length + 1)..];
        }

        return null;
    }

    private static string[] Strings(string path)
    {
        try
        {
            return File.ReadAllText(path).Split('\0');
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return [];
        }
    }
}
