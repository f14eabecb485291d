namespace PgEdgeUsers.Core.Server;

/// <summary>Options for connecting to a server.</summary>
/// <param name="SkipCertificateCheck">Whether to trust any certificate.</param>
/// <param name="AllowUnencrypted">Whether to allow plain HTTP to another machine.</param>
/// <param name="Timeout">The time limit for a whole response.</param>
public sealed record ServerOptions(bool SkipCertificateCheck, bool AllowUnencrypted, TimeSpan Timeout);
