namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Finds the server's files on this machine: in a system folder, or in the folder of its program on the PATH.
/// </summary>
public sealed class ServerInstallation
{
    private static readonly string[] Programs = ["pgedge-postgres-mcp", "pgedge-pg-mcp-svr"];

    /// <summary>The file names of the server's generations.</summary>
    private static readonly (string Configuration, string Users)[] Generations =
    [
        ("pgedge-postgres-mcp.yaml", "pgedge-postgres-mcp-users.yaml"),
        ("postgres-mcp.yaml", "postgres-mcp-users.yaml"),
    ];

    private readonly string? _systemFolder;
    private readonly string? _programFolder;
    private readonly Lazy<ServerConfiguration?> _configuration;

    /// <summary>The installation on this machine, found with this process's environment.</summary>
    public ServerInstallation()
        : this(SystemFolder, Environment.GetEnvironmentVariable("PATH"))
    {
    }

    /// <param name="systemFolder">The folder of system-wide files; null if there is none.</param>
    /// <param name="searchPath">The folders to search for programs, in the format of the variable PATH.</param>
    internal ServerInstallation(string? systemFolder, string? searchPath)
    {
        _systemFolder = systemFolder;
        _programFolder = FindProgramFolder(searchPath ?? "");
        _configuration = new Lazy<ServerConfiguration?>(FindConfiguration);
    }

    /// <summary>
    /// The folder of system-wide files; null on Windows, where this path would be on the current drive, and accounts
    /// other than administrators might be able to create it.
    /// </summary>
    internal static string? SystemFolder => OperatingSystem.IsWindows() ? null : "/etc/pgedge";

    /// <summary>The name of a new user file.</summary>
    internal static string NewUserFileName => Generations[0].Users;

    /// <summary>The configuration that the server reads, even if it cannot use it; null if there is none.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: this account may not read it.
    /// </exception>
    internal ServerConfiguration? Configuration => _configuration.Value;

    /// <summary>
    /// Finds the user file that the server uses, unless its command line or its environment names another.
    /// </summary>
    /// <returns>Null if there is no configuration that names one, no system file and no program.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: this account may not read the configuration.
    /// </exception>
    internal UserFileLocation? FindUserFile()
    {
        if (Configuration is { UserFile: { } configured } configuration)
        {
            return new UserFileLocation(
                configured,
                $"http.auth.user_file in the server's configuration '{configuration.Path}'",
                Setting: configuration.UserFileSetting);
        }

        if (SystemFolders.SelectMany(UserFilesIn).FirstOrDefault(File.Exists) is { } system)
            return new UserFileLocation(system, "a system file that exists");
        var nextToProgram = _programFolder is null ? [] : UserFilesIn(_programFolder).ToArray();
        return (nextToProgram.FirstOrDefault(File.Exists) ?? nextToProgram.FirstOrDefault()) is { } candidate
            ? new UserFileLocation(candidate, "the folder of the server's program on the PATH")
            : null;
    }

    private IEnumerable<string> SystemFolders =>
        _systemFolder is null ? [] : [_systemFolder, Path.Combine(_systemFolder, "postgres-mcp")];

    /// <summary>
    /// After an upgrade, a folder can contain the files of two generations. Those of the configuration's generation
    /// come first.
    /// </summary>
    private IEnumerable<string> UserFilesIn(string folder) => Generations
        .OrderByDescending(generation => generation.Configuration == Path.GetFileName(Configuration?.Path))
        .Select(generation => Path.Combine(folder, generation.Users));

    private ServerConfiguration? FindConfiguration() => new[] { _systemFolder, _programFolder }.OfType<string>()
        .SelectMany(folder => Generations.Select(generation => Path.Combine(folder, generation.Configuration)))
        .Select(ServerConfiguration.Load)
        .FirstOrDefault(configuration => configuration is not null);

    private static string? FindProgramFolder(string searchPath)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var found = searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Programs.Select(program => Path.Combine(folder, program + suffix)))
            .FirstOrDefault(File.Exists);
        if (found is null)
            return null;
        // The server uses the folder of its executable, which is the target of a link.
        var program = new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found;
        return Path.GetDirectoryName(program);
    }
}
