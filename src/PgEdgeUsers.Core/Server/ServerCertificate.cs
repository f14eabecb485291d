using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PgEdgeUsers.Core.Server;

/// <summary>Says in words what is wrong with a server's certificate.</summary>
internal static class ServerCertificate
{
    /// <summary>What is wrong, as clauses that follow "The certificate"; empty when nothing is.</summary>
    public static string Problem(X509Chain? chain, SslPolicyErrors errors)
    {
        var problems = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            problems.Add("was not shown");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add("is of another host");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            problems.AddRange((chain?.ChainStatus ?? []).Select(status => Problem(status.Status)).Distinct());
        return string.Join(" and ", problems);
    }

    private static string Problem(X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => "has expired or is not valid yet",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "is signed by no authority that "
            + "this machine trusts",
        X509ChainStatusFlags.Revoked => "was revoked",
        _ => $"is not in order ({status})",
    };
}
