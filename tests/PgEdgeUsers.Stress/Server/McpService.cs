using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace PgEdgeUsers.Stress.Server;

/// <summary>Answers as the pgEdge MCP server was observed to: sign-in, the user of a token, and tools.</summary>
/// <param name="generation">The generation that it plays.</param>
/// <param name="basePath">A path that a gateway puts before the server's own.</param>
internal sealed class McpService(ServerGeneration generation, string basePath)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly Answer InvalidLogin = Answers.ToolError(
        "authentication failed: invalid username or password");

    private readonly ConcurrentDictionary<string, (string Password, bool Enabled)> _users = new();
    private readonly ConcurrentDictionary<string, (string Token, DateTime Expires)> _sessions = new();
    private readonly SignInRateLimit _rateLimit = new(generation);
    private TimeSpan _ahead;

    private DateTime Now => DateTime.UtcNow + _ahead;

    /// <summary>
    /// Adds or replaces a user. A session survives this, but does not count while the user is disabled.
    /// </summary>
    public void SetUser(string name, string password, bool enabled = true) => _users[name] = (password, enabled);

    /// <summary>Removes a user, and with it the user's session.</summary>
    public void RemoveUser(string name)
    {
        _users.TryRemove(name, out _);
        EndSession(name);
    }

    /// <summary>Ends the session of a user, as a restart of the server does.</summary>
    public void EndSession(string name) => _sessions.TryRemove(name, out _);

    /// <summary>Sets the server's clock forward.</summary>
    public void Advance(TimeSpan time) => _ahead += time;

    public Answer Answer(HttpRequest request) => (request.Method, request.Path) switch
    {
        ("POST", var path) when path == basePath + "/mcp/v1" => Call(request),
        ("GET", var path) when path == basePath + "/api/user/info" => UserInfo(request),
        _ => Answers.Text(404, "404 page not found\n"),
    };

    private Answer Call(HttpRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var call = body.RootElement;
        if (call.GetProperty("jsonrpc").GetString() != "2.0"
            || request.Headers.GetValueOrDefault("Content-Type") != "application/json"
            || request.Headers.ContainsKey("Cookie"))
        {
            return Answers.Text(400, "Bad Request\n");
        }

        var method = call.GetProperty("method").GetString();
        if (method == "tools/call" && call.GetProperty("params") is var tool
            && tool.GetProperty("name").GetString() == "authenticate_user")
        {
            return request.Token is null
                ? SignIn(request, tool.GetProperty("arguments"))
                : Answers.Text(400, "Bad Request\n");
        }

        if (request.Token is null)
            return Unauthorized("Missing Authorization header");
        if (UserOf(request) is null)
            return Unauthorized("Invalid or unknown token");
        return method switch
        {
            "tools/list" => McpTools.List,
            "tools/call" => McpTools.Call(call.GetProperty("params")),
            _ => Answers.RpcError(-32601, "Method not found"),
        };
    }

    private Answer SignIn(HttpRequest request, JsonElement arguments)
    {
        var (name, password) = (arguments.GetProperty("username").GetString()!, arguments.GetProperty("password")
            .GetString()!);
        if (name.Length == 0)
            return Answers.ToolError("username is required");
        if (password.Length == 0)
            return Answers.ToolError("password must be a non-empty string");
        if (!_rateLimit.Allows(request, Now))
        {
            return Answers.ToolError(
                "too many failed authentication attempts from this IP address, please try again later");
        }

        var isKnown = _users.TryGetValue(name, out var user);
        if (!isKnown || !user.Enabled || user.Password != password)
        {
            _rateLimit.Record(request, Now);
            return isKnown && !user.Enabled
                ? Answers.ToolError("authentication failed: user account is disabled")
                : InvalidLogin;
        }

        _rateLimit.Reset(request);
        // One session per user: this one ends the one before.
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_');
        var expires = Now + Lifetime;
        _sessions[name] = (token, expires);
        return Answers.ToolResult(new
        {
            success = true,
            session_token = token,
            expires_at = expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            message = "Authentication successful",
        });
    }

    private Answer UserInfo(HttpRequest request) =>
        Answers.Json(UserOf(request) is { } name
            ? new { authenticated = true, username = name }
            : new { authenticated = false, error = "not signed in" });

    private Answer Unauthorized(string reason) => generation == ServerGeneration.December2025
        ? Answers.Text(401, reason + "\n")
        : Answers.Content(401, "application/json", JsonSerializer.SerializeToUtf8Bytes(new { error = reason }));

    private string? UserOf(HttpRequest request) => _sessions
        .Where(session => session.Value.Token == request.Token && session.Value.Expires > Now
            && _users.TryGetValue(session.Key, out var user) && user.Enabled)
        .Select(session => session.Key)
        .SingleOrDefault();
}
