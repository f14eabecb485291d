namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Finds the user file where the server finds it: environment, the server's configuration, a system path, beside the server's
/// program; and for a machine without a server, the user's own configuration folder.
/// </summary>
public sealed class UserFileLocator
{
    /// <summary>The environment variable that names the user file, to the server and to us.</summary>
    public const string Variable = "PGEDGE_AUTH_USER_FILE";

    private static readonly string[] FileNames = ["pgedge-postgres-mcp-users.yaml", "postgres-mcp-users.yaml"];
    private static readonly string[] ConfigurationNames = ["pgedge-postgres-mcp.yaml", "postgres-mcp.yaml"];
    private static readonly string[] Programs = ["pgedge-postgres-mcp", "pgedge-pg-mcp-svr"];

    private readonly string _systemFolder;
    private readonly Func<string, string?> _environment;
    private readonly string _userFolder;

    /// <summary>A locator for this machine, user and environment.</summary>
    public UserFileLocator()
        : this("/etc/pgedge", Environment.GetEnvironmentVariable, Environment.GetFolderPath(
            Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify))
    {
    }

    internal UserFileLocator(string systemFolder, Func<string, string?> environment, string userFolder)
    {
        _systemFolder = systemFolder;
        _environment = environment;
        _userFolder = userFolder;
    }

    /// <summary>Gives the first that applies.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the server's configuration cannot be read;
    /// <see cref="FailureKind.UserFileNotFound"/>: there is no server, and this account has no home.
    /// </exception>
    public UserFileLocation Find()
    {
        if (_environment(Variable) is { Length: > 0 } named)
            return new UserFileLocation(Path.GetFullPath(named), $"the environment variable {Variable}", Setting: named);
        if (FindConfiguration() is { UserFile: { } configured } configuration)
            return new UserFileLocation(configured, $"http.auth.user_file in the server's configuration '{configuration.Path}'", Setting: configuration.UserFileSetting);
        if (InSystemFolders().FirstOrDefault(File.Exists) is { } system)
            return new UserFileLocation(system, "a system file that exists");
        if (ProgramFolder() is { } folder)
        {
            var beside = FileNames.Select(name => Path.Combine(folder, name)).ToArray();
            return new UserFileLocation(beside.FirstOrDefault(File.Exists) ?? beside[0], "the folder of the server's program on the PATH");
        }

        if (_userFolder.Length == 0)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileNotFound,
                $"No server was found on this machine, and this account has no folder for its own user file. Name the file with -Path or {Variable}.");
        }

        return new UserFileLocation(
            Path.Combine(_userFolder, "pgedge", FileNames[0]),
            "the default of this user, since no server was found on this machine",
            MakesFolder: true);
    }

    /// <summary>The server's configuration, where one is found.</summary>
    public ServerConfiguration? FindConfiguration()
    {
        var folders = ProgramFolder() is { } programs ? new[] { _systemFolder, programs } : [_systemFolder];
        return folders.SelectMany(folder => ConfigurationNames.Select(name => Path.Combine(folder, name)))
            .Select(ServerConfiguration.Load)
            .FirstOrDefault(configuration => configuration is not null);
    }

    private IEnumerable<string> InSystemFolders() =>
        new[] { _systemFolder, Path.Combine(_systemFolder, "postgres-mcp") }.SelectMany(folder => FileNames.Select(name => Path.Combine(folder, name)));

    private string? ProgramFolder()
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var found = (_environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program + suffix)))
            .FirstOrDefault(File.Exists);
        // The server asks for its own executable, which is where a link leads.
        return found is null ? null : Path.GetDirectoryName(new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found);
    }
}
