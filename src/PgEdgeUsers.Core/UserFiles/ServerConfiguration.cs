using System.Globalization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The part of the server's configuration file that concerns users: the section <c>http.auth</c>.</summary>
public sealed class ServerConfiguration
{
    private readonly ConfigurationMapping? _auth;

    private ServerConfiguration(string path, ConfigurationNode? root)
    {
        Path = path;
        if (root is not null)
            ConfigurationSchema.Check(root);
        _auth = (root as ConfigurationMapping)?.Find("http") is ConfigurationMapping http
            ? http.Find("auth") as ConfigurationMapping
            : null;
    }

    private ServerConfiguration(string path, ConfigurationException rejection)
    {
        Path = path;
        Rejection = string.Create(CultureInfo.InvariantCulture, $"line {rejection.Line}: {rejection.Message}");
    }

    /// <summary>The configuration file.</summary>
    public string Path { get; }

    /// <summary>
    /// Why the server cannot use the configuration, beginning with the line; null if it can. The server ignores an
    /// unusable configuration completely, so this object has no settings then.
    /// </summary>
    public string? Rejection { get; }

    /// <summary><c>user_file</c> as it is written; null if not set.</summary>
    public string? UserFileSetting =>
        TextOf("user_file") is { Length: > 0 } file && !file.Contains('\0', StringComparison.Ordinal) ? file : null;

    /// <summary>
    /// <c>user_file</c> as an absolute path, resolved against the configuration's folder; null if not set.
    /// </summary>
    public string? UserFile =>
        UserFileSetting is { } file ? System.IO.Path.GetFullPath(file, System.IO.Path.GetDirectoryName(Path)!) : null;

    /// <summary>
    /// The number of consecutive failed sign-ins that disables an account; 0 means no limit, which is the server's
    /// default.
    /// </summary>
    public int MaxFailedAttempts =>
        TextOf("max_failed_attempts_before_lockout") is { } value && ConfigurationNumber.TryWhole(value, out var number)
            ? (int)Math.Clamp(number, 0, int.MaxValue)
            : 0;

    /// <summary>Reads a configuration.</summary>
    /// <returns>Null if the file does not exist.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the file exists but this account may not read it.
    /// </exception>
    public static ServerConfiguration? Load(string path)
    {
        try
        {
            // Reading a named pipe would block, for the server too.
            if (FileStatus.Of(path) is not { Kind: FileKind.Regular })
                return null;
            path = System.IO.Path.GetFullPath(path);
            return new ServerConfiguration(path, ConfigurationReader.Read(ReadAll(path)));
        }
        catch (ConfigurationException rejection)
        {
            return new ServerConfiguration(path, rejection);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The server's configuration '{path}' may name the user file, but it cannot be read: "
                    + $"{e.Message.TrimEnd('.')}. Run as a user who may read it, or specify the user file yourself.",
                e);
        }
    }

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    private string? TextOf(string key) =>
        _auth?.Find(key) is ConfigurationScalar { IsNull: false } value ? value.Value : null;
}
