using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PgEdgeUsers.Core.Server;

/// <summary>Describes what is wrong with a server's certificate.</summary>
internal static class ServerCertificate
{
    /// <summary>Describes the problems, as predicates of "the certificate"; empty if there are none.</summary>
    public static string Problem(X509Chain? chain, SslPolicyErrors errors)
    {
        var problems = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            problems.Add("was not sent");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add("is for a different host");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            problems.AddRange((chain?.ChainStatus ?? []).Select(status => Problem(status.Status)).Distinct());
        return string.Join(" and ", problems);
    }

    private static string Problem(X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => "has expired or is not valid yet",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "was not "
            + "issued by an authority that this machine trusts",
        X509ChainStatusFlags.Revoked => "was revoked",
        _ => $"is invalid ({status})",
    };
}
