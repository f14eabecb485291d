using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PgEdgeUsers.Core.Location;

/// <summary>The part of the server's configuration file that concerns users: the section <c>http.auth</c>.</summary>
public sealed class ServerConfiguration
{
    private readonly YamlMappingNode? _auth;

    private ServerConfiguration(string path, YamlMappingNode? auth)
    {
        Path = path;
        _auth = auth;
    }

    /// <summary>The configuration file.</summary>
    public string Path { get; }

    /// <summary><c>user_file</c> as it is written; null when not set.</summary>
    public string? UserFileSetting => Value("user_file") is { Length: > 0 } file ? file : null;

    /// <summary><c>user_file</c>, made absolute against the configuration's folder; null when not set.</summary>
    public string? UserFile => UserFileSetting is { } file ? System.IO.Path.GetFullPath(file, System.IO.Path.GetDirectoryName(Path)!) : null;

    /// <summary><c>max_failed_attempts_before_lockout</c> as it is written; null when not set.</summary>
    public string? MaxFailedAttempts => Value("max_failed_attempts_before_lockout");

    /// <summary>
    /// Reads a configuration. One that is missing or broken says nothing, as to the server, which goes on with its defaults.
    /// </summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.InvalidConfiguration"/>: it is there but may not be read, so that what it says is unknown.</exception>
    public static ServerConfiguration? Load(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            var root = stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
            return new ServerConfiguration(path, Child(Child(root, "http"), "auth") as YamlMappingNode);
        }
        catch (YamlException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The server's configuration '{path}' may name the user file but cannot be read: {e.Message.TrimEnd('.')}. Run as a user who may read it, or name the user file with -Path.",
                e);
        }
    }

    private string? Value(string key) => Child(_auth, key) is YamlScalarNode scalar ? scalar.Value : null;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
