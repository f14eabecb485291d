using System.Net;
using System.Net.Sockets;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>No server, a server that does not answer, a broken connection, and answers that are not HTTP.</summary>
public sealed class ServerConnectionTests : ServerTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_port_without_a_server_is_unreachable()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = FailureOfSignIn($"http://127.0.0.1:{port}");

        Assert.Equal(FailureKind.ServerUnreachable, failure.Kind);
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_name_that_does_not_exist_is_unreachable() =>
        Assert.Equal(FailureKind.ServerUnreachable, FailureOfSignIn("https://no-such-host.invalid").Kind);

    [Fact]
    public void A_server_that_never_answers_times_out()
    {
        using var server = TestServer.Raw(Answers.Never);

        AssertTimeout(FailureOfSignIn(server.Address, Second));
    }

    [Fact]
    public void A_server_that_answers_byte_by_byte_times_out()
    {
        using var server = TestServer.Raw(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync(" "u8.ToArray(), stop);
                await Task.Delay(20, stop);
            }
        });

        AssertTimeout(FailureOfSignIn(server.Address, Second));
    }

    [Fact]
    public void A_TLS_handshake_that_never_ends_times_out()
    {
        using var server = TestServer.Raw(Answers.Never);

        AssertTimeout(FailureOfSignIn(Https(server), Second));
        Assert.DoesNotContain("alice", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", FailureKind.ServerUnreachable)]
    [InlineData("HTTP/1.1 200 OK\nContent-Len", FailureKind.ServerUnreachable)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 100\n\n{\"result\":", FailureKind.ServerUnreachable)]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n10\n{\"res", FailureKind.ServerUnreachable)]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n{\"res", FailureKind.ServerUnreachable)]
    [InlineData("SSH-2.0-OpenSSH_9.6\n", FailureKind.ServerResponseInvalid)]
    [InlineData("HTTP/1.1 two hundred\n\n", FailureKind.ServerResponseInvalid)]
    [InlineData("HTTP/1.1 500 " + Token + "\nContent-Length: 0\n\n", FailureKind.ServerResponseInvalid)]
    public void A_connection_that_breaks_or_is_not_HTTP_has_a_named_failure(string answer, FailureKind expected)
    {
        using var server = TestServer.Raw(Answers.Raw(answer));

        Assert.Equal(expected, FailureOfSignIn(server.Address).Kind);
    }

    [Fact]
    public void HTTPS_to_a_plain_HTTP_port_is_reported_and_sends_no_password()
    {
        using var server = TestServer.Raw(Answers.Raw("HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n"));

        var failure = FailureOfSignIn(Https(server));

        Assert.Equal(FailureKind.ServerUnreachable, failure.Kind);
        Assert.Contains("Check that the server uses HTTPS", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", server.Received, StringComparison.Ordinal);
    }

    private static string Https(TestServer server) =>
        server.Address.Replace("http:", "https:", StringComparison.Ordinal);

    private static void AssertTimeout(PgEdgeUsersException failure)
    {
        Assert.Equal(FailureKind.ServerTimeout, failure.Kind);
        Assert.Contains("did not respond within 1 s", failure.Message, StringComparison.Ordinal);
    }
}
