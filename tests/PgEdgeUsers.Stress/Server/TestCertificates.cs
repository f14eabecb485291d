using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgEdgeUsers.Stress.Server;

/// <summary>An authority that nobody trusts unless told to, and certificates that it signs.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        var request = new CertificateRequest("CN=Authority of the tests", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(LongAgo, DateTimeOffset.UtcNow.AddYears(1));
    }

    /// <summary>The authority's certificate, for a process that is to trust it.</summary>
    public string Pem => _authority.ExportCertificatePem();

    /// <summary>A certificate for this machine.</summary>
    public X509Certificate2 Good() =>
        Sign(names => names.AddIpAddress(IPAddress.Loopback), DateTimeOffset.UtcNow.AddDays(30));

    public X509Certificate2 OfAnotherHost() =>
        Sign(names => names.AddDnsName("another.example.test"), DateTimeOffset.UtcNow.AddDays(30));

    public X509Certificate2 Expired() => Sign(names => names.AddIpAddress(IPAddress.Loopback), LongAgo.AddDays(30));

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(Action<SubjectAlternativeNameBuilder> addNames, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Server of the tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, LongAgo, until, RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        // Once through PKCS #12: Windows does not serve with a key that was never stored.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
