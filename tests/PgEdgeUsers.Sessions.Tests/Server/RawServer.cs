using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PgEdgeUsers.Sessions.Tests.Server;

/// <summary>A port that takes connections and does with them what a test wants: no HTTP server would.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _received = new();

    /// <summary>Starts listening.</summary>
    /// <param name="serve">Called for each connection, after its request has come; the connection is closed afterwards.</param>
    public RawServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _ = Listen(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>All that was received.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return _received.ToString();
        }
    }

    /// <summary>Answers with a text and closes the connection.</summary>
    public static RawServer Answering(string text) =>
        new((stream, stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")), stop).AsTask());

    /// <summary>Takes connections and never answers.</summary>
    public static RawServer Silent() => new((_, stop) => Task.Delay(Timeout.Infinite, stop));

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task Listen(Func<NetworkStream, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token), serve);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client, Func<NetworkStream, CancellationToken, Task> serve)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[64 * 1024];
                var read = await stream.ReadAsync(buffer, _stop.Token);
                lock (_received)
                    _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
                await serve(stream, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client or the test is gone.
            }
        }
    }
}
