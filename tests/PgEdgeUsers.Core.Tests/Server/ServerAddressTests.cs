using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>Which addresses a password or token is sent to.</summary>
public sealed class ServerAddressTests : ServerTest
{
    /// <summary>An address that no machine has.</summary>
    private const string Unassigned = "192.0.2.1";

    /// <summary>This machine's address in its network, which is not a loopback address, if it has one.</summary>
    private static readonly string Elsewhere = NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork
            && !IPAddress.IsLoopback(address))?.ToString() ?? Unassigned;

    [Theory]
    [InlineData("mcp.example.com")]
    [InlineData("mcp.example.com:8080")]
    [InlineData("localhost:8080")]
    [InlineData("/mcp/v1")]
    [InlineData("ftp://mcp.example.com")]
    [InlineData("file:///etc/pgedge")]
    [InlineData("ldap://alice:tides-under-seven-lanterns@mcp.example.com")]
    [InlineData("https://alice:tides-under-seven-lanterns@mcp.example.com")]
    [InlineData("https://alice@mcp.example.com")]
    public void An_address_that_is_not_clearly_a_servers_is_rejected_and_not_repeated(string uri)
    {
        var failure = FailureOfSignIn(uri);

        Assert.Equal(FailureKind.InvalidServerUri, failure.Kind);
        Assert.DoesNotContain("tides-under", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_sent_over_plain_HTTP_to_another_machine()
    {
        using var server = new TestServer(address: IPAddress.Any);
        var uri = $"http://{Elsewhere}:{server.Port}";

        Assert.All([FailureOfSignIn(uri), FailureOfWhoIs(uri)], failure =>
            Assert.Equal(FailureKind.InvalidServerUri, failure.Kind));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Plain_HTTP_to_another_machine_can_be_allowed()
    {
        using var server = new TestServer(address: IPAddress.Any);
        server.SetUser("alice", Password);
        var uri = $"http://{Elsewhere}:{server.Port}";

        if (Elsewhere == Unassigned)
            using (Client(uri, allowUnencrypted: true)) { }
        else
            Assert.Equal("alice", SignIn(uri, allowUnencrypted: true));
    }

    [Fact]
    public void A_look_alike_name_is_shown_in_its_network_form() =>
        Assert.Contains(" xn--xample-2of.com:8080 ", FailureOfSignIn("http://\u0435xample.com:8080").Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("http://mcp.example.test")]
    [InlineData("http://localhost.example.test")]
    [InlineData("http://127.0.0.1.example.test")]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://[2001:db8::1]:8080")]
    public void A_name_that_only_resembles_this_machine_is_another_machine(string uri) =>
        Assert.Equal(FailureKind.InvalidServerUri, FailureOfSignIn(uri).Kind);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.1")]
    public void Plain_HTTP_to_this_machine_is_allowed(string host)
    {
        using var server = new TestServer();
        server.SetUser("alice", Password);

        Assert.Equal("alice", SignIn($"http://{host}:{server.Port}"));
    }
}
