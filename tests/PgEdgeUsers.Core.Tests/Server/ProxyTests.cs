using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>
/// A proxy that the environment names never sees a password. The tests use separate processes, because .NET reads the
/// variables only once.
/// </summary>
public sealed class ProxyTests : IDisposable
{
    private readonly TestServer _proxy = TestServer.Raw(Answers.Raw("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n"));

    public void Dispose() => _proxy.Dispose();

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("ALL_PROXY")]
    public void Requests_to_this_machine_use_no_proxy(string variable)
    {
        using var server = new TestServer();
        server.SetUser("alice", AccountFile.Password);

        Assert.Equal(["alice"], SignIn(server.Address, variable));

        Assert.Equal("", _proxy.Received);
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    public void Encrypted_requests_to_this_machine_use_no_proxy(string variable)
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Good();
        using var server = new TestServer(certificate);

        Assert.StartsWith("ServerCertificateInvalid: ", SignIn(server.Address, variable)[0], StringComparison.Ordinal);

        Assert.Equal("", _proxy.Received);
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    public void A_proxy_learns_only_the_host_of_an_encrypted_request(string variable)
    {
        var output = SignIn("https://mcp.example.test", variable);

        Assert.StartsWith("ServerUnreachable: ", output[0], StringComparison.Ordinal);
        Assert.Contains(
            $"through the proxy {new Uri(_proxy.Address).Authority}: ", output[0], StringComparison.Ordinal);
        Assert.StartsWith("CONNECT mcp.example.test:443 ", _proxy.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(AccountFile.Password, _proxy.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", _proxy.Received, StringComparison.Ordinal);
    }

    private string[] SignIn(string server, string variable) =>
        SignInProcess.Run(AccountFile.Password, ["sign-in-at", server, "alice"], (variable, _proxy.Address));
}
