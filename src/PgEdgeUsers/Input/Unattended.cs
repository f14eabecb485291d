using System.Management.Automation.Host;

namespace PgEdgeUsers;

/// <summary>Tells that a question was asked where nobody answers: each host says so in another way.</summary>
internal static class Unattended
{
    /// <summary>Whether a failure of the host's means that nobody answers. The last is what PowerShell's own console throws at the end of its input.</summary>
    public static bool IsMeantBy(Exception failure) =>
        failure is HostException or InvalidOperationException or NotImplementedException or NullReferenceException;
}
