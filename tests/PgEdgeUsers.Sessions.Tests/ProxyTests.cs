using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Sessions.Tests.Support;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>The proxy that the environment names never reads a password. In processes of their own: .NET looks at it once.</summary>
public sealed class ProxyTests
{
    private const string Password = "tides under seven lanterns";

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("ALL_PROXY")]
    public void What_is_meant_for_this_machine_goes_to_no_proxy(string variable)
    {
        using var proxy = RawServer.Answering("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n");
        using var server = new TestServer();
        server.Add("alice", Password);

        var output = HelperProcess.Run(Password, ["sign-in-at", server.Address, "alice"], new Dictionary<string, string> { [variable] = proxy.Address });

        Assert.Equal(["alice"], output);
        Assert.Equal("", proxy.Received);
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    public void Nor_does_it_where_it_is_encrypted(string variable)
    {
        using var proxy = RawServer.Answering("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n");
        using var certificates = new TestCertificates();
        using var certificate = certificates.Good();
        using var server = new TestServer(certificate);

        var output = HelperProcess.Run(Password, ["sign-in-at", server.Address, "alice"], new Dictionary<string, string> { [variable] = proxy.Address });

        Assert.StartsWith("ServerCertificateInvalid: ", output[0], StringComparison.Ordinal);
        Assert.Equal("", proxy.Received);
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    public void What_is_encrypted_may_go_through_a_proxy_which_learns_the_host_only(string variable)
    {
        using var proxy = RawServer.Answering("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n");

        var output = HelperProcess.Run(Password, ["sign-in-at", "https://mcp.example.test", "alice"], new Dictionary<string, string> { [variable] = proxy.Address });

        Assert.StartsWith("ServerUnreachable: ", output[0], StringComparison.Ordinal);
        Assert.Contains($"through the proxy {new Uri(proxy.Address).Authority}: ", output[0], StringComparison.Ordinal);
        Assert.StartsWith("CONNECT mcp.example.test:443 ", proxy.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, proxy.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", proxy.Received, StringComparison.Ordinal);
    }
}
