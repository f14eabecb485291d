using System.Net;
using System.Net.Sockets;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>What is no answer at all: nobody there, nobody answering, a connection that breaks, and something that is not HTTP.</summary>
public sealed class ServerConnectionTests : ShellTest
{
    private const string Script = "New-PgEdgeSession $login -Uri $uri -TimeoutSec 1 -Verbose -Debug";

    public ServerConnectionTests() => Define("login", Secret.Login("alice", "tides under seven lanterns"));

    [Fact]
    public void Nobody_at_the_port_is_an_unreachable_server()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Define("uri", $"http://127.0.0.1:{port}");

        AssertError("ServerUnreachable", ErrorCategory.ConnectionError, "cannot be reached");
    }

    [Fact]
    public void A_name_that_nobody_has_is_an_unreachable_server()
    {
        Define("uri", "https://no-such-host.invalid");

        var error = Run("New-PgEdgeSession $login -Uri $uri -TimeoutSec 20").Error;

        Assert.StartsWith("ServerUnreachable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_answers_is_waited_for_as_long_as_is_said()
    {
        using var server = RawServer.Silent();
        Define("uri", server.Address);

        AssertError("ServerTimeout", ErrorCategory.OperationTimeout, "did not answer within 1 s");
    }

    [Fact]
    public void A_server_that_answers_drop_by_drop_is_not_waited_for_longer()
    {
        using var server = new RawServer(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync(" "u8.ToArray(), stop);
                await Task.Delay(20, stop);
            }
        });
        Define("uri", server.Address);

        AssertError("ServerTimeout", ErrorCategory.OperationTimeout, "did not answer within 1 s");
    }

    [Fact]
    public void A_server_that_never_greets_is_not_waited_for_longer()
    {
        using var server = RawServer.Silent();
        Define("uri", server.Address.Replace("http:", "https:", StringComparison.Ordinal));

        AssertError("ServerTimeout", ErrorCategory.OperationTimeout, "did not answer within 1 s");
        Assert.DoesNotContain("lanterns", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ServerUnreachable")]
    [InlineData("HTTP/1.1 200 OK\nContent-Len", "ServerUnreachable")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 100\n\n{\"result\":", "ServerUnreachable")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n10\n{\"res", "ServerUnreachable")]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n{\"res", "ServerUnreachable")]
    [InlineData("SSH-2.0-OpenSSH_9.6\n", "ServerResponseInvalid")]
    [InlineData("HTTP/1.1 two hundred\n\n", "ServerResponseInvalid")]
    [InlineData("HTTP/1.1 500 tides under seven lanterns\nContent-Length: 0\n\n", "ServerResponseInvalid")]
    public void A_connection_that_is_cut_or_speaks_otherwise_has_a_named_error(string answer, string expected)
    {
        using var server = RawServer.Answering(answer);
        Define("uri", server.Address);

        var error = Run("New-PgEdgeSession $login -Uri $uri -TimeoutSec 20").Error;

        Assert.StartsWith(expected + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("lanterns", error.Exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Https_to_a_port_that_speaks_plain_http_says_so_and_sends_no_password()
    {
        using var server = RawServer.Answering("HTTP/1.1 400 Bad Request\nContent-Length: 0\n\n");
        Define("uri", server.Address.Replace("http:", "https:", StringComparison.Ordinal));

        var error = Run("New-PgEdgeSession $login -Uri $uri -TimeoutSec 20").Error;

        Assert.StartsWith("ServerUnreachable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Does the server speak HTTPS", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("lanterns", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cookie_is_not_kept()
    {
        var cookies = new List<string>();
        using var server = new TestServer
        {
            Instead = context =>
            {
                cookies.Add(context.Request.Headers.Cookie.ToString());
                context.Response.Headers.SetCookie = "of=the-gateway; Path=/";
                return TestServer.Json(context, new { authenticated = true, username = "alice" });
            },
        };
        using var client = new ServerClient(new Uri(server.Address), new ServerOptions(SkipCertificateCheck: false, AllowUnencrypted: false, TimeSpan.FromSeconds(20)));

        for (var i = 0; i < 2; i++)
            Assert.Equal("alice", client.WhoIs(Secret.Of("some-token-of-old")));

        Assert.Equal(["", ""], cookies);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_an_answer()
    {
        var asked = new TaskCompletionSource();
        using var server = new RawServer(async (_, stop) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        });
        Define("uri", server.Address);

        var running = Task.Run(() => Run("New-PgEdgeSession $login -Uri $uri -TimeoutSec 3600"));
        await asked.Task;
        Stop();
        var result = await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(result.Stopped);
        Assert.Empty(result.Output);
    }

    private void AssertError(string id, ErrorCategory category, string words)
    {
        var error = Run(Script).Error;
        Assert.Equal(($"{id},PgEdgeUsers.Commands.NewPgEdgeSessionCommand", category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
    }
}
