using PgEdgeUsers.Core;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>The user files of one pipeline. Each is read once, when the first user in it is needed.</summary>
/// <param name="paths">Resolves paths.</param>
/// <param name="output">Receives messages.</param>
/// <param name="typedPath">
/// The value of <c>-Path</c>, which takes precedence over the files of objects; null if it was not given.
/// </param>
/// <param name="read">Reads a file.</param>
internal sealed class OpenUserFiles(
    FilePaths paths, CommandOutput output, string? typedPath, Func<UserFile, UserFileSnapshot> read)
{
    private readonly Dictionary<string, OpenUserFile> _files = new(StringComparer.Ordinal);
    private UserFileLocation? _typed;

    /// <summary>The files that have been opened, in the order of their first use.</summary>
    public IEnumerable<OpenUserFile> All => _files.Values;

    /// <summary>The file that a user is in.</summary>
    /// <param name="user">The user; null for the default file.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be determined.</exception>
    public UserFileLocation Locate(UserReference? user = null)
    {
        if (typedPath is not null)
            return _typed ??= new UserFileLocation(paths.Resolve(typedPath), "the parameter Path");
        if (user?.RemoteHost is { } host)
        {
            throw new PgEdgeUsersException(
                FailureKind.RemoteObject,
                $"The object of user '{VisibleText.BeginningOf(user.Name)}' came from the host "
                    + $"'{VisibleText.BeginningOf(host)}', and its user file is on that host.");
        }

        return user?.Path is { } path ? new UserFileLocation(path, "the file of the piped object") : paths.Default;
    }

    /// <summary>Opens the file that a user is in.</summary>
    /// <param name="user">The user; null for the default file.</param>
    /// <param name="mustExist">Whether a missing file is a failure.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read, or does not exist.</exception>
    public OpenUserFile Open(UserReference? user = null, bool mustExist = true) => Open(Locate(user), mustExist);

    /// <summary>Opens a file.</summary>
    /// <param name="location">The location of the file.</param>
    /// <param name="mustExist">Whether a missing file is a failure.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read, or does not exist.</exception>
    public OpenUserFile Open(UserFileLocation location, bool mustExist)
    {
        if (!_files.TryGetValue(location.Path, out var open))
        {
            output.Verbose($"Using the user file '{location.Path}': {location.Reason}.");
            open = new OpenUserFile(location, read(new UserFile(location.Path)), () => ReadHistory(location.Path));
            if (open.Snapshot.HasPermissiveMode)
            {
                output.Warn($"The user file '{location.Path}' contains password hashes, and its permissive mode "
                    + $"{open.Snapshot.ModeText} gives others access to it. The server requires 0600, "
                    + "and the next change sets it.");
            }

            _files.Add(location.Path, open);
        }

        return !mustExist || open.Snapshot.Exists ? open : throw NotFound(location);
    }

    private UserHistory ReadHistory(string path)
    {
        try
        {
            return UserHistory.Read(new UserFile(path));
        }
        catch (PgEdgeUsersException failure)
        {
            output.Warn(failure.Message);
            return UserHistory.Empty;
        }
    }

    /// <summary>The failure for a user file that does not exist.</summary>
    public static PgEdgeUsersException NotFound(UserFileLocation location) =>
        new(FailureKind.UserFileNotFound, $"The user file '{location.Path}' ({location.Reason}) does not exist.");
}
