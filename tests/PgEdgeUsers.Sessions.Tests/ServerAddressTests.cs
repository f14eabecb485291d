using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Which addresses a password is sent to.</summary>
public sealed class ServerAddressTests : ShellTest
{
    private const string Password = "tides under seven lanterns";

    /// <summary>An address that no machine has.</summary>
    private const string Unassigned = "192.0.2.1";

    /// <summary>This machine by an address that another could have, where it has one.</summary>
    private static readonly string Elsewhere = NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))?.ToString() ?? Unassigned;

    public ServerAddressTests()
    {
        Define("login", Secret.Login("alice", Password));
        Define("token", Secret.Of("some-token-of-old"));
    }

    [Theory]
    [InlineData("mcp.example.com")]
    [InlineData("mcp.example.com:8080")]
    [InlineData("localhost:8080")]
    [InlineData("/mcp/v1")]
    [InlineData("ftp://mcp.example.com")]
    [InlineData("file:///etc/pgedge")]
    [InlineData("ldap://alice:tides%20under%20seven%20lanterns@mcp.example.com")]
    [InlineData("https://alice:tides-under-seven-lanterns@mcp.example.com")]
    [InlineData("https://alice@mcp.example.com")]
    public void What_is_not_the_plain_address_of_a_server_is_refused_and_not_repeated(string uri)
    {
        Secret.Of("tides%20under%20seven%20lanterns");
        Secret.Of("tides-under-seven-lanterns");
        Define("uri", uri);

        var result = Run("New-PgEdgeSession $login -Uri $uri; Test-PgEdgeSession -Token $token -Uri $uri; [pscustomobject]@{ Id = '1'; Token = $token; Uri = $uri } | Test-PgEdgeSession");

        Assert.Equal(3, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("InvalidServerUri,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category));
    }

    [Fact]
    public void Plain_http_to_another_machine_is_refused_before_anything_is_sent()
    {
        using var server = new TestServer(address: IPAddress.Any);
        Define("uri", $"http://{Elsewhere}:{server.Port}");

        var result = Run("New-PgEdgeSession $login -Uri $uri; Test-PgEdgeSession -Token $token -Uri $uri");

        Assert.All(result.Errors, error => Assert.StartsWith("InvalidServerUri,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Contains("-AllowUnencryptedAuthentication", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(2, result.Errors.Count);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_name_that_may_look_like_another_is_shown_as_the_network_has_it()
    {
        Assert.Contains(" xn--xample-2of.com:8080 ", Run("New-PgEdgeSession $login -Uri http://\u0435xample.com:8080").Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_to_another_machine_is_allowed_to_who_asks_for_it()
    {
        using var server = new TestServer(address: IPAddress.Any);
        server.Add("alice", Password);
        Define("uri", $"http://{Elsewhere}:{server.Port}");

        var result = Run("New-PgEdgeSession $login -Uri $uri -AllowUnencryptedAuthentication -TimeoutSec 5 | Test-PgEdgeSession -AllowUnencryptedAuthentication");

        // On a machine without a network there is nowhere to send it, and that is what must be said then.
        Assert.True(Elsewhere == Unassigned ? result.Error.FullyQualifiedErrorId.StartsWith("Server", StringComparison.Ordinal) : result.Ok().Texts is ["True"]);
    }

    [Theory]
    [InlineData("http://mcp.example.test")]
    [InlineData("http://localhost.example.test")]
    [InlineData("http://127.0.0.1.example.test")]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://[2001:db8::1]:8080")]
    public void A_name_that_only_looks_like_this_machine_is_another(string uri)
    {
        Define("uri", uri);

        Assert.StartsWith("InvalidServerUri,", Run("New-PgEdgeSession $login -Uri $uri").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.1")]
    public void This_machine_may_be_spoken_to_without_encryption(string host)
    {
        using var server = new TestServer();
        server.Add("alice", Password);
        Define("uri", $"http://{host}:{server.Port}");

        Assert.Equal(["alice"], Run("New-PgEdgeSession $login -Uri $uri").Ok().Texts);
    }

    [Theory]
    [InlineData("-MaxFailedAttempts 3")]
    [InlineData("-MaxSessions 3")]
    [InlineData("-Lifetime 1:00")]
    public void What_only_a_user_file_knows_cannot_be_asked_of_a_server(string parameter)
    {
        Assert.StartsWith("AmbiguousParameterSet,", Run($"New-PgEdgeSession $login -Uri https://mcp.example.test {parameter}").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
