using System.Security.Cryptography.X509Certificates;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>HTTPS with valid and with invalid certificates.</summary>
public sealed class ServerCertificateTests : ServerTest, IDisposable
{
    private readonly TestCertificates _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_certificate_of_an_unknown_authority_is_rejected_before_anything_is_sent()
    {
        using var certificate = _authority.Good();
        using var server = Start(certificate);

        Assert.All([FailureOfSignIn(server.Address), FailureOfWhoIs(server.Address)], failure =>
        {
            Assert.Equal(FailureKind.ServerCertificateInvalid, failure.Kind);
            Assert.Contains(
                "not issued by an authority that this machine trusts", failure.Message, StringComparison.Ordinal);
        });
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_check_of_the_certificate_can_be_skipped()
    {
        using var certificate = _authority.Expired();
        using var server = Start(certificate);

        Assert.Equal("alice", SignIn(server.Address, skipCertificateCheck: true));
    }

    // On Linux, the environment tells a process which authorities to trust.
    [LinuxFact]
    public void A_certificate_of_a_trusted_authority_is_trusted() =>
        Assert.Equal(["alice"], SignInTrusting(_authority.Good()));

    [LinuxFact]
    public void A_certificate_of_another_host_is_reported_as_such() =>
        AssertInvalid("it is for a different host. Nothing was sent.", SignInTrusting(_authority.OfAnotherHost()));

    [LinuxFact]
    public void An_expired_certificate_is_reported_as_such() =>
        AssertInvalid("it has expired or is not valid yet. Nothing was sent.", SignInTrusting(_authority.Expired()));

    private static void AssertInvalid(string reason, string[] output)
    {
        Assert.StartsWith("ServerCertificateInvalid: ", output[0], StringComparison.Ordinal);
        Assert.Contains(reason, output[0], StringComparison.Ordinal);
    }

    private static TestServer Start(X509Certificate2 certificate)
    {
        var server = new TestServer(certificate);
        server.SetUser("alice", Password);
        return server;
    }

    /// <summary>Signs in from a process that trusts the authority.</summary>
    private string[] SignInTrusting(X509Certificate2 certificate)
    {
        using (certificate)
        {
            using var server = Start(certificate);
            var trusted = Path.GetTempFileName();
            File.WriteAllText(trusted, _authority.Pem);
            var output = SignInProcess.Run(
                Password, ["sign-in-at", server.Address, "alice"], ("SSL_CERT_FILE", trusted));
            File.Delete(trusted);
            Assert.DoesNotContain(output, line => line.Contains(Password, StringComparison.Ordinal));
            return output;
        }
    }
}
