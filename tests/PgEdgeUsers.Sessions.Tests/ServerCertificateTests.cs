using System.Security.Cryptography.X509Certificates;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Sessions.Tests.Support;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>HTTPS with certificates that are in order, and with those that are not.</summary>
public sealed class ServerCertificateTests : ShellTest
{
    private const string Password = "tides under seven lanterns";

    public ServerCertificateTests()
    {
        Define("login", Secret.Login("alice", Password));
        Define("token", Secret.Of("some-token-of-old"));
    }

    [Fact]
    public void A_certificate_of_an_unknown_authority_is_refused_and_nothing_is_sent()
    {
        using var authority = new TestCertificates();
        using var certificate = authority.Good();
        using var server = Start(certificate);

        var result = Run("New-PgEdgeSession $login -Uri $uri; Test-PgEdgeSession -Token $token -Uri $uri");

        Assert.All(result.Errors, error => Assert.StartsWith("ServerCertificateInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category));
        Assert.All(result.Errors, error => Assert.Contains("no authority that this machine trusts", error.ToString(), StringComparison.Ordinal));
        Assert.Equal(2, result.Errors.Count);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Any_certificate_will_do_when_it_is_asked_not_to_look()
    {
        using var authority = new TestCertificates();
        using var certificate = authority.Expired();
        using var server = Start(certificate);

        Assert.Equal(["True"], Run("New-PgEdgeSession $login -Uri $uri -SkipCertificateCheck | Test-PgEdgeSession -SkipCertificateCheck").Ok().Texts);
    }

    // Which authorities are trusted is told to a process by its environment, on Linux.
    [LinuxFact]
    public void A_certificate_of_a_trusted_authority_is_trusted()
    {
        Assert.Equal(["alice"], SignInTrusting(authority => authority.Good()));
    }

    [LinuxFact]
    public void A_certificate_of_another_host_is_named_as_such()
    {
        var answer = SignInTrusting(authority => authority.OfAnotherHost());

        Assert.StartsWith("ServerCertificateInvalid: ", answer[0], StringComparison.Ordinal);
        Assert.Contains("it is of another host. Nothing was sent.", answer[0], StringComparison.Ordinal);
    }

    [LinuxFact]
    public void An_expired_certificate_is_named_as_such()
    {
        var answer = SignInTrusting(authority => authority.Expired());

        Assert.StartsWith("ServerCertificateInvalid: ", answer[0], StringComparison.Ordinal);
        Assert.Contains("it has expired or is not valid yet. Nothing was sent.", answer[0], StringComparison.Ordinal);
    }

    private string[] SignInTrusting(Func<TestCertificates, X509Certificate2> choose)
    {
        using var authority = new TestCertificates();
        using var certificate = choose(authority);
        using var server = Start(certificate);
        var trusted = Path.Combine(Store.Folder, "authorities.pem");
        File.WriteAllText(trusted, authority.Pem);
        var output = HelperProcess.Run(Password, ["sign-in-at", server.Address, "alice"], new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted });
        Assert.DoesNotContain(output, line => line.Contains(Password, StringComparison.Ordinal));
        return output;
    }

    private TestServer Start(X509Certificate2 certificate)
    {
        var server = new TestServer(certificate);
        server.Add("alice", Password);
        Define("uri", server.Address);
        return server;
    }
}
