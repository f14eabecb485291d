namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Where the server's files are on this machine: in a system folder, or in the folder of its program on the PATH.
/// </summary>
public sealed class ServerInstallation
{
    private static readonly string[] Programs = ["pgedge-postgres-mcp", "pgedge-pg-mcp-svr"];

    /// <summary>What the generations of the server call their files.</summary>
    private static readonly (string Configuration, string Users)[] Generations =
    [
        ("pgedge-postgres-mcp.yaml", "pgedge-postgres-mcp-users.yaml"),
        ("postgres-mcp.yaml", "postgres-mcp-users.yaml"),
    ];

    private readonly string? _systemFolder;
    private readonly string? _programFolder;
    private readonly Lazy<ServerConfiguration?> _configuration;

    /// <summary>The installation on this machine, as far as this process's environment shows it.</summary>
    public ServerInstallation()
        : this(SystemFolder, Environment.GetEnvironmentVariable("PATH"))
    {
    }

    /// <param name="systemFolder">The folder of system-wide files; null where there is none.</param>
    /// <param name="searchPath">The folders in which programs are found, as the variable PATH lists them.</param>
    internal ServerInstallation(string? systemFolder, string? searchPath)
    {
        _systemFolder = systemFolder;
        _programFolder = FindProgramFolder(searchPath ?? "");
        _configuration = new Lazy<ServerConfiguration?>(FindConfiguration);
    }

    /// <summary>
    /// The folder of system-wide files; null on Windows, where such a path is on the current drive, and others than
    /// administrators may be able to create it.
    /// </summary>
    internal static string? SystemFolder => OperatingSystem.IsWindows() ? null : "/etc/pgedge";

    /// <summary>What a new user file is called.</summary>
    internal static string NewUserFileName => Generations[0].Users;

    /// <summary>
    /// The configuration that the server reads, also one that it cannot use; null when there is none.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: this account may not read it.
    /// </exception>
    internal ServerConfiguration? Configuration => _configuration.Value;

    /// <summary>
    /// Finds the user file that the server uses, unless its command line or its environment names another.
    /// </summary>
    /// <returns>Null when there is neither a configuration that names one, nor a system file, nor a program.</returns>
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
        var besideProgram = _programFolder is null ? [] : UserFilesIn(_programFolder).ToArray();
        return (besideProgram.FirstOrDefault(File.Exists) ?? besideProgram.FirstOrDefault()) is { } beside
            ? new UserFileLocation(beside, "the folder of the server's program on the PATH")
            : null;
    }

    private IEnumerable<string> SystemFolders =>
        _systemFolder is null ? [] : [_systemFolder, Path.Combine(_systemFolder, "postgres-mcp")];

    /// <summary>
    /// A folder can have the files of two generations after an upgrade. Those of the configuration's generation come
    /// first.
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
        // The server asks for its own executable, which is the target of a link.
        var program = new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found;
        return Path.GetDirectoryName(program);
    }
}
