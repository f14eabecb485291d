// Written out, because the Pester tests compile this file by itself.
#nullable enable
#pragma warning disable IDE0005
using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>Answers on this machine as the pgEdge MCP server does: sign-in, who is signed in, the list of tools.</summary>
public sealed class StubServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _username;
    private readonly string _password;
    private readonly string _token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_');

    public StubServer(string username, string password)
    {
        _username = username;
        _password = password;
        _listener.Start();
        Address = $"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAll();
    }

    public string Address { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAll()
    {
        try
        {
            while (true)
                _ = Answer(await _listener.AcceptTcpClientAsync().ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task Answer(TcpClient client)
    {
        using var connection = client;
        try
        {
            using var stream = client.GetStream();
            var (status, body) = Reply(await Read(stream).ConfigureAwait(false));
            var head = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(head + body)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The caller went away.
        }
    }

    private static async Task<(string Line, string Head, string Body)> Read(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            if (read == 0)
                throw new IOException();
            length += read;
            var text = Encoding.UTF8.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var head = text[..end];
            var body = text[(end + 4)..];
            if (Encoding.UTF8.GetByteCount(body) >= ContentLength(head))
                return (head.Split("\r\n")[0], head, body);
        }
    }

    private static int ContentLength(string head)
    {
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                return int.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
        }

        return 0;
    }

    private (string Status, string Body) Reply((string Line, string Head, string Body) request)
    {
        var isSignedIn = request.Head.Contains($"Authorization: Bearer {_token}", StringComparison.Ordinal);
        if (request.Line.StartsWith("GET /api/user/info ", StringComparison.Ordinal))
            return ("200 OK", isSignedIn ? $$"""{"authenticated":true,"username":"{{_username}}"}""" : """{"authenticated":false}""");
        if (!request.Line.StartsWith("POST /mcp/v1 ", StringComparison.Ordinal))
            return ("404 Not Found", "");
        using var call = JsonDocument.Parse(request.Body);
        var method = call.RootElement.GetProperty("method").GetString();
        if (method == "tools/call" && call.RootElement.GetProperty("params").GetProperty("name").GetString() == "authenticate_user")
            return ("200 OK", SignIn(call.RootElement.GetProperty("params").GetProperty("arguments")));
        return isSignedIn
            ? ("200 OK", """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"query_database","description":"Runs a query."}]}}""")
            : ("401 Unauthorized", "Unauthorized");
    }

    private string SignIn(JsonElement arguments)
    {
        if (arguments.GetProperty("username").GetString() != _username || arguments.GetProperty("password").GetString() != _password)
            return """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error","data":"authentication failed: invalid username or password"}}""";
        var expires = DateTime.UtcNow.AddHours(24).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var session = JsonSerializer.Serialize(new { success = true, session_token = _token, expires_at = expires, message = "Authentication successful" });
        return JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, result = new { content = new[] { new { type = "text", text = session } } } });
    }
}
