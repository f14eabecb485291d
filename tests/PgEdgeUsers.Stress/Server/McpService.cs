using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace PgEdgeUsers.Stress.Server;

/// <summary>Answers as the pgEdge MCP server was observed to: sign-in, the user of a token, and the list of tools.</summary>
/// <param name="generation">The generation that it plays.</param>
/// <param name="basePath">A path that a gateway puts before the server's own.</param>
internal sealed class McpService(ServerGeneration generation, string basePath)
{
    private static readonly Answer InvalidLogin = Answers.ToolError("authentication failed: invalid username or password");

    private readonly ConcurrentDictionary<string, (string Password, bool Enabled)> _users = new();
    private readonly ConcurrentDictionary<string, string> _tokens = new();

    /// <summary>Adds or replaces a user. A session survives this, but does not count while the user is disabled.</summary>
    public void SetUser(string name, string password, bool enabled = true) => _users[name] = (password, enabled);

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
        if (call.GetProperty("jsonrpc").GetString() != "2.0" || request.Headers.GetValueOrDefault("Content-Type") != "application/json"
            || request.Headers.ContainsKey("Cookie"))
        {
            return Answers.Text(400, "Bad Request\n");
        }

        var method = call.GetProperty("method").GetString();
        if (method == "tools/call" && call.GetProperty("params") is var tool && tool.GetProperty("name").GetString() == "authenticate_user")
            return request.Token is null ? SignIn(tool.GetProperty("arguments")) : Answers.Text(400, "Bad Request\n");
        if (UserOf(request) is null)
            return Unauthorized();
        return method == "tools/list"
            ? Answers.Rpc(new { tools = new[] { new { name = "query_database", description = "Runs a query." } } })
            : Answers.ToolError("unknown tool");
    }

    private Answer SignIn(JsonElement arguments)
    {
        var (name, password) = (arguments.GetProperty("username").GetString()!, arguments.GetProperty("password").GetString()!);
        if (name.Length == 0)
            return Answers.ToolError("username is required");
        if (password.Length == 0)
            return Answers.ToolError("password must be a non-empty string");
        if (!_users.TryGetValue(name, out var user))
            return InvalidLogin;
        if (!user.Enabled)
            return Answers.ToolError("authentication failed: user account is disabled");
        if (user.Password != password)
            return InvalidLogin;
        // One session per user: this one ends the one before.
        var token = _tokens[name] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_');
        return Answers.ToolResult(new
        {
            success = true,
            session_token = token,
            expires_at = DateTime.UtcNow.AddHours(24).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            message = "Authentication successful",
        });
    }

    private Answer UserInfo(HttpRequest request) =>
        Answers.Json(UserOf(request) is { } name ? new { authenticated = true, username = name } : new { authenticated = false, error = "not signed in" });

    private Answer Unauthorized() => generation == ServerGeneration.December2025
        ? Answers.Text(401, "Unauthorized\n")
        : Answers.Content(401, "application/json", """{"error":"Unauthorized"}"""u8.ToArray());

    private string? UserOf(HttpRequest request) =>
        _tokens.Where(session => session.Value == request.Token && _users[session.Key].Enabled).Select(session => session.Key).SingleOrDefault();
}
