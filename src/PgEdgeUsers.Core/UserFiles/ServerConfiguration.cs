using PgEdgeUsers.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The part of the server's configuration file that concerns users: the section <c>http.auth</c>.</summary>
public sealed class ServerConfiguration
{
    private const string UserFileKey = "user_file";
    private const string MaxFailedAttemptsKey = "max_failed_attempts_before_lockout";

    private readonly Dictionary<string, string> _auth;

    private ServerConfiguration(string path, Dictionary<string, string> auth)
    {
        Path = path;
        _auth = auth;
    }

    /// <summary>The configuration file.</summary>
    public string Path { get; }

    /// <summary><c>user_file</c> as it is written; null when not set.</summary>
    public string? UserFileSetting =>
        _auth.GetValueOrDefault(UserFileKey) is { Length: > 0 } file && !file.Contains('\0', StringComparison.Ordinal) ? file : null;

    /// <summary><c>user_file</c>, made absolute against the configuration's folder; null when not set.</summary>
    public string? UserFile => UserFileSetting is { } file ? System.IO.Path.GetFullPath(file, System.IO.Path.GetDirectoryName(Path)!) : null;

    /// <summary><c>max_failed_attempts_before_lockout</c> as it is written; null when not set.</summary>
    public string? MaxFailedAttempts => _auth.GetValueOrDefault(MaxFailedAttemptsKey);

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
            using var reader = new StreamReader(path);
            return new ServerConfiguration(path, Auth(new ShallowParser(new Parser(reader))));
        }
        catch (ReferenceException)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The server's configuration '{path}' has http.auth, or a part of it, behind an alias '*' or a merge key '<<', which is not followed. Write it out, or name the user file with -Path.");
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
    /// Reads the single values of <c>http.auth</c>. The rest is read, too: a file that is broken further down is broken.
    /// </summary>
    /// <exception cref="ReferenceException">What counts is written elsewhere.</exception>
    private static Dictionary<string, string> Auth(ShallowParser parser)
    {
        var auth = new Dictionary<string, string>(StringComparer.Ordinal);
        parser.Consume<StreamStart>();
        if (parser.TryConsume<DocumentStart>(out _) && TryEnter(parser, "http") && TryEnter(parser, "auth") && IsMapping(parser))
        {
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (TakeKey(parser) is not { } key)
                    parser.SkipThisAndNestedEvents();
                else if (parser.Accept<AnchorAlias>(out _) && key is UserFileKey or MaxFailedAttemptsKey)
                    throw new ReferenceException();
                else if (!parser.TryConsume<Scalar>(out var value))
                    parser.SkipThisAndNestedEvents();
                else if (!(value.Style == ScalarStyle.Plain && YamlScalar.IsNull(value.Value)))
                    auth[key] = value.Value;
            }
        }

        while (parser.MoveNext())
        {
        }

        return auth;
    }

    private static bool TryEnter(ShallowParser parser, string key)
    {
        if (!IsMapping(parser))
            return false;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (TakeKey(parser) == key)
                return true;
            parser.SkipThisAndNestedEvents();
        }

        return false;
    }

    private static bool IsMapping(ShallowParser parser) =>
        parser.Accept<AnchorAlias>(out _) ? throw new ReferenceException() : parser.TryConsume<MappingStart>(out _);

    private static string? TakeKey(ShallowParser parser)
    {
        if (parser.TryConsume<Scalar>(out var key))
            return key is { Value: "<<", Style: ScalarStyle.Plain } ? throw new ReferenceException() : key.Value;
        parser.SkipThisAndNestedEvents();
        return null;
    }

    /// <summary>What counts is not written in its place but referred to.</summary>
    private sealed class ReferenceException : Exception;

    /// <summary>A parser that gives up where the file is nested deeper than any configuration: what is deep takes long.</summary>
    private sealed class ShallowParser(Parser parser) : IParser
    {
        private const int MaxDepth = 64;

        private int _depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!parser.MoveNext())
                return false;
            _depth += parser.Current!.NestingIncrease;
            return _depth <= MaxDepth ? true : throw new YamlException("The file is nested too deep.");
        }
    }
}
