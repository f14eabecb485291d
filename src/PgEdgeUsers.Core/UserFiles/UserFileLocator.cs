using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Finds the user file that the server uses: named by the environment or the server's configuration, in a system
/// folder, or next to the server's program. On a machine without a server, it is the user's own default.
/// </summary>
public sealed class UserFileLocator
{
    /// <summary>The environment variable that names the user file, here and for the server.</summary>
    public const string Variable = "PGEDGE_AUTH_USER_FILE";

    private readonly ServerInstallation _server;
    private readonly string _currentFolder;
    private readonly string? _setting;
    private readonly string? _ownFile;

    /// <summary>A locator for this machine, account and environment.</summary>
    /// <param name="currentFolder">
    /// The absolute path against which a relative path in the environment is resolved.
    /// </param>
    public UserFileLocator(string currentFolder)
        : this(
            new ServerInstallation(),
            currentFolder,
            Environment.GetEnvironmentVariable(Variable),
            Environment.GetFolderPath(
                Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify))
    {
    }

    internal UserFileLocator(ServerInstallation server, string currentFolder, string? setting, string settingsFolder)
    {
        _server = server;
        _currentFolder = currentFolder;
        _setting = setting;
        _ownFile = settingsFolder.Length == 0
            ? null
            : Path.Combine(settingsFolder, "pgedge", ServerInstallation.NewUserFileName);
    }

    /// <summary>Returns the first file that applies, with warnings if it may not be the expected one.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: this account may not read the server's configuration;
    /// <see cref="FailureKind.UserFileNotFound"/>: no server was found, and this account has no folder for its own
    /// settings.
    /// </exception>
    public UserFileLocation Find()
    {
        if (_setting is { Length: > 0 } setting)
        {
            var path = Path.GetFullPath(setting, _currentFolder);
            return new UserFileLocation(path, $"the environment variable {Variable}", Setting: setting);
        }

        var location = _server.FindUserFile() ?? OwnDefault();
        return location with { Warnings = [.. Warnings(location)] };
    }

    private UserFileLocation OwnDefault() => _ownFile is null
        ? throw new PgEdgeUsersException(
            FailureKind.UserFileNotFound,
            "No user file of a server was found on this machine, and this account has no folder for its own. "
                + $"Specify the file, for instance with the environment variable {Variable}.")
        : new UserFileLocation(
            _ownFile,
            "the default of this user, since no user file of a server was found on this machine",
            MakesFolder: true);

    private IEnumerable<string> Warnings(UserFileLocation location)
    {
        if (_server.Configuration is { Rejection: { } rejection } rejected)
        {
            yield return $"The server ignores its configuration '{rejected.Path}', which it cannot use ({rejection}), "
                + $"and uses its default user file. The user file is therefore '{location.Path}'. Correct the "
                + "configuration.";
        }

        if (location.Setting is { } setting && !Path.IsPathRooted(setting))
        {
            yield return $"The server's configuration names the user file by the relative path '{setting}', which "
                + $"depends on the folder in which the server was started. It is resolved to '{location.Path}'. Write "
                + "an absolute path there.";
        }

        if (_ownFile is not null && _ownFile != location.Path && HasUsers(_ownFile))
        {
            yield return $"The user file is '{location.Path}' ({location.Reason}). The users in '{_ownFile}', the "
                + "default file of this user where no server is found, are not in use. Specify the file that you mean, "
                + "or move its users and remove it.";
        }
    }

    private static bool HasUsers(string path)
    {
        try
        {
            return UnsynchronizedRead.Of(path) is { Users.Count: > 0 };
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return false;
        }
    }
}
