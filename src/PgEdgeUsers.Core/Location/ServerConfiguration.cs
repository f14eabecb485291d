using PgEdgeUsers.Core.Document;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Location;

/// <summary>The part of the server's configuration file that concerns users: the section <c>http.auth</c>.</summary>
public sealed class ServerConfiguration
{
    private ServerConfiguration(string path, string? userFileSetting, string? maxFailedAttempts)
    {
        Path = path;
        UserFileSetting = userFileSetting;
        MaxFailedAttempts = maxFailedAttempts;
    }

    /// <summary>The configuration file.</summary>
    public string Path { get; }

    /// <summary><c>user_file</c> as it is written; null when not set.</summary>
    public string? UserFileSetting { get; }

    /// <summary><c>user_file</c>, made absolute against the configuration's folder; null when not set.</summary>
    public string? UserFile => UserFileSetting is null ? null : System.IO.Path.GetFullPath(UserFileSetting, System.IO.Path.GetDirectoryName(Path)!);

    /// <summary><c>max_failed_attempts_before_lockout</c> as it is written; null when not set.</summary>
    public string? MaxFailedAttempts { get; }

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
            path = System.IO.Path.GetFullPath(path);
            var text = File.ReadAllText(path);
            var file = Value(text, "http", "auth", "user_file");
            return new ServerConfiguration(
                path,
                file is { Length: > 0 } && !file.Contains('\0', StringComparison.Ordinal) ? file : null,
                Value(text, "http", "auth", "max_failed_attempts_before_lockout"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The server's configuration '{path}' may name the user file but cannot be read: {e.Message.TrimEnd('.')}. Run as a user who may read it, or name the user file with -Path.",
                e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Not YAML; the parser's own slips on hostile text are among it.
            return null;
        }
    }

    /// <summary>
    /// Follows keys down from the top level, event by event, so that it does not matter how deep the file is nested.
    /// The rest is read, too: a file that is broken behind the value is broken.
    /// </summary>
    private static string? Value(string text, params string[] keys)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        var isFound = parser.TryConsume<DocumentStart>(out _) && keys.All(key => TryEnter(parser, key));
        var value = isFound && parser.TryConsume<Scalar>(out var scalar) && !ServerValues.IsNull(scalar) ? scalar.Value : null;
        while (parser.MoveNext())
        {
        }

        return value;
    }

    private static bool TryEnter(Parser parser, string key)
    {
        if (!parser.TryConsume<MappingStart>(out _))
            return false;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var name))
                parser.SkipThisAndNestedEvents();
            else if (name.Value == key)
                return true;
            parser.SkipThisAndNestedEvents();
        }

        return false;
    }
}
