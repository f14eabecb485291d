using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PgEdgeUsers.Stress.Server;

/// <summary>
/// An HTTP server on this machine that plays the pgEdge MCP server, or answers whatever a test wants. One request per
/// connection.
/// </summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _received = new();
    private readonly X509Certificate2? _certificate;
    private readonly McpService _service;

    /// <summary>Starts listening.</summary>
    /// <param name="certificate">Its certificate; null for plain HTTP.</param>
    /// <param name="address">Where it listens; null for loopback.</param>
    /// <param name="generation">The generation of the server that it plays.</param>
    /// <param name="basePath">A path that a gateway puts before the server's own.</param>
    public TestServer(
        X509Certificate2? certificate = null, IPAddress? address =
            null, ServerGeneration generation = ServerGeneration.December2025, string basePath = "")
    {
        _certificate = certificate;
        _service = new McpService(generation, basePath);
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _ = Listen();
    }

    public string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What to answer instead of what the pgEdge MCP server does.</summary>
    public Answer? Instead { get; set; }

    /// <summary>Whether <see cref="Instead"/> follows the first bytes of a connection, whatever they are.</summary>
    public bool IsRaw { get; init; }

    /// <summary>The requests so far, as <c>POST /mcp/v1</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>All bytes of raw connections, as Latin-1.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return _received.ToString();
        }
    }

    /// <summary>A server that writes an answer to whatever it receives, HTTP or not.</summary>
    public static TestServer Raw(Answer answer) => new() { IsRaw = true, Instead = answer };

    /// <inheritdoc cref="McpService.SetUser"/>
    public void SetUser(string name, string password, bool enabled = true) => _service.SetUser(name, password, enabled);

    /// <inheritdoc cref="McpService.RemoveUser"/>
    public void RemoveUser(string name) => _service.RemoveUser(name);

    /// <inheritdoc cref="McpService.EndSession"/>
    public void EndSession(string name) => _service.EndSession(name);

    /// <inheritdoc cref="McpService.Advance"/>
    public void Advance(TimeSpan time) => _service.Advance(time);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server was stopped.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = await Open(client).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                    await Answer(stream).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or AuthenticationException)
            {
                // The client went away, or does not trust the certificate.
            }
        }
    }

    private async Task<Stream> Open(TcpClient client)
    {
        if (_certificate is null)
            return client.GetStream();
        var encrypted = new SslStream(client.GetStream());
        await encrypted.AuthenticateAsServerAsync(_certificate).WaitAsync(_stop.Token).ConfigureAwait(false);
        return encrypted;
    }

    private async Task Answer(Stream stream)
    {
        HttpRequest request;
        if (IsRaw)
        {
            var buffer = new byte[64 * 1024];
            var read = await stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false);
            lock (_received)
                _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
            request = new HttpRequest("", "", new Dictionary<string, string>(), "");
        }
        else
        {
            request = await HttpRequest.Read(stream, _stop.Token).ConfigureAwait(false);
            Requests.Enqueue($"{request.Method} {request.Path}");
        }

        await (Instead ?? _service.Answer(request))(request, stream, _stop.Token).ConfigureAwait(false);
    }
}
