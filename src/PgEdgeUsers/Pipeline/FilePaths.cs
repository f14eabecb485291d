using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>Resolves paths like the session: relative to its location and through its drives.</summary>
/// <param name="cmdlet">The cmdlet that runs in the session.</param>
/// <param name="output">Receives warnings about the file that is chosen.</param>
internal sealed class FilePaths(PSCmdlet cmdlet, CommandOutput output)
{
    private const string FileSystem = "FileSystem";

    private UserFileLocation? _default;

    /// <summary>The user file that the server uses on this machine.</summary>
    /// <exception cref="PgEdgeUsersException">It cannot be determined.</exception>
    public UserFileLocation Default => _default ??= FindDefault();

    /// <summary>The absolute path of a file.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidUserFilePath"/>: it is not a path in the file system.
    /// </exception>
    public string Resolve(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw Invalid(path, "it contains a NUL character.");
        string resolved;
        ProviderInfo provider;
        try
        {
            resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }
        catch (ProviderNotFoundException e) when (e.ItemName == FileSystem && Path.IsPathFullyQualified(path))
        {
            // An endpoint of Just Enough Administration that hides the file system.
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (
            e is SessionStateException or PSInvalidOperationException or PSNotSupportedException or PSArgumentException)
        {
            throw Invalid(path, e.Message);
        }

        if (provider.Name != FileSystem)
            throw Invalid(path, $"it is a path of the provider {provider.Name}, not of the file system.");
        return resolved;
    }

    /// <summary>Resolves the audit file from a parameter or the environment.</summary>
    /// <returns>Null if the default applies or auditing is turned off.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidUserFilePath"/>: the parameter is not a path in the file system.
    /// </exception>
    public string? ResolveAuditFile(string? parameter)
    {
        if (parameter is not null)
            return Resolve(parameter);
        var setting = Environment.GetEnvironmentVariable(AuditLog.Variable);
        return string.IsNullOrEmpty(setting) || string.Equals(setting, "off", StringComparison.OrdinalIgnoreCase)
            ? null
            : Path.GetFullPath(setting, CurrentFolder);
    }

    /// <summary>
    /// The location in the file system, even while the session is in another provider; the working directory of the
    /// process if the session hides the file system.
    /// </summary>
    private string CurrentFolder
    {
        get
        {
            try
            {
                return cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            }
            catch (ProviderNotFoundException)
            {
                return Environment.CurrentDirectory;
            }
        }
    }

    private UserFileLocation FindDefault()
    {
        var location = new UserFileLocator(CurrentFolder).Find();
        foreach (var warning in location.Warnings)
            output.Warn(warning);
        return location;
    }

    private static PgEdgeUsersException Invalid(string path, string why) =>
        new(FailureKind.InvalidUserFilePath, $"'{VisibleText.BeginningOf(path)}' cannot be used as a file path: {why}");
}
