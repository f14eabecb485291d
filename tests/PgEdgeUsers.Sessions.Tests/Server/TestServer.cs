using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PgEdgeUsers.Sessions.Tests.Server;

/// <summary>A server that signs in as the real one was observed to, word for word; or that answers whatever a test wants.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, (string Password, bool Enabled)> _users = new();
    private readonly ConcurrentDictionary<string, string> _sessions = new();

    /// <summary>Starts a server.</summary>
    /// <param name="certificate">Its certificate; none for plain HTTP.</param>
    /// <param name="address">Where it listens; loopback unless given.</param>
    public TestServer(X509Certificate2? certificate = null, IPAddress? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        _application = builder.Build();
        _application.Run(Answer);
        _application.Start();
        Port = new Uri(_application.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Port;
        Address = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}";
    }

    public string Address { get; }

    public int Port { get; }

    /// <summary>A path that a gateway puts before the server's own.</summary>
    public string Base { get; init; } = "";

    /// <summary>What to answer to a sign-in instead of what the server does.</summary>
    public RequestDelegate? Instead { get; set; }

    /// <summary>The requests so far, as <c>POST /mcp/v1</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public void Add(string name, string password, bool enabled = true) => _users[name] = (password, enabled);

    public void Dispose() => ((IDisposable)_application).Dispose();

    /// <summary>The answer of a tool: JSON within JSON.</summary>
    public static object Result(object inner) => new { jsonrpc = "2.0", id = 1, result = new { content = new[] { new { type = "text", text = inner as string ?? JsonSerializer.Serialize(inner) } } } };

    /// <summary>The answer of a tool that failed.</summary>
    public static object Failure(object? data) => new { jsonrpc = "2.0", id = 1, error = new { code = -32603, message = "Internal error", data } };

    private Task Answer(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        return (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", var path) when path == Base + "/mcp/v1" => Instead is null ? SignIn(context) : Instead(context),
            ("GET", var path) when path == Base + "/api/user/info" => Instead is null ? UserInfo(context) : Instead(context),
            ("GET", "/protected") => Protected(context),
            _ => Text(context, StatusCodes.Status404NotFound, "404 page not found\n"),
        };
    }

    private async Task SignIn(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var call = body.RootElement;
        var parameters = call.GetProperty("params");
        if (call.GetProperty("jsonrpc").GetString() != "2.0" || call.GetProperty("id").GetInt32() != 1 || call.GetProperty("method").GetString() != "tools/call"
            || parameters.GetProperty("name").GetString() != "authenticate_user" || context.Request.ContentType != "application/json"
            || context.Request.Headers.Authorization.Count + context.Request.Headers.Cookie.Count > 0)
        {
            await Text(context, StatusCodes.Status400BadRequest, "Bad Request\n");
            return;
        }

        var arguments = parameters.GetProperty("arguments");
        await Json(context, Authenticate(arguments.GetProperty("username").GetString()!, arguments.GetProperty("password").GetString()!));
    }

    private object Authenticate(string name, string password)
    {
        if (name.Length == 0)
            return Failure("username is required");
        if (password.Length == 0)
            return Failure("password must be a non-empty string");
        if (!_users.TryGetValue(name, out var user))
            return Failure("authentication failed: invalid username or password");
        if (!user.Enabled)
            return Failure("authentication failed: user account is disabled");
        if (user.Password != password)
            return Failure("authentication failed: invalid username or password");
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_');
        _sessions[name] = token;
        return Result(new
        {
            success = true,
            session_token = token,
            expires_at = DateTime.UtcNow.AddHours(24).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            message = "Authentication successful",
        });
    }

    private Task UserInfo(HttpContext context) =>
        Json(context, UserOf(context) is { } name ? new { authenticated = true, username = name } : new { authenticated = false, error = "not signed in" });

    private Task Protected(HttpContext context) =>
        UserOf(context) is { } name ? Text(context, StatusCodes.Status200OK, name) : Text(context, StatusCodes.Status401Unauthorized, "Unauthorized\n");

    private string? UserOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? _sessions.Where(session => session.Value == header["Bearer ".Length..] && _users[session.Key].Enabled).Select(session => session.Key).SingleOrDefault()
            : null;
    }

    public static Task Json(HttpContext context, object content) => context.Response.WriteAsJsonAsync(content);

    public static Task Text(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}
