namespace PgEdgeUsers.Core.Server;

/// <summary>How to connect to a server.</summary>
/// <param name="SkipCertificateCheck">Whether any certificate is trusted.</param>
/// <param name="AllowUnencrypted">Whether plain HTTP to another machine is allowed.</param>
/// <param name="Timeout">How long a whole answer may take.</param>
public sealed record ServerOptions(bool SkipCertificateCheck, bool AllowUnencrypted, TimeSpan Timeout);
