using System.Security;

namespace PgEdgeUsers;

/// <summary>A signed-in user's session, in a user file or at a server.</summary>
public sealed class PgEdgeSession
{
    internal PgEdgeSession(string id, string username, SecureString? token, DateTime issuedUtc, DateTime expiresUtc,
        string? path, Uri? uri)
    {
        Id = id;
        Username = username;
        Token = token;
        IssuedAt = issuedUtc.ToLocalTime();
        ExpiresAt = expiresUtc.ToLocalTime();
        Path = path;
        Uri = uri;
    }

    /// <summary>The clock that expiry is compared with. Tests replace it.</summary>
    internal static TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>A short id of the session, which is not a secret.</summary>
    public string Id { get; }

    /// <summary>The user who signed in.</summary>
    public string Username { get; }

    /// <summary>
    /// 32 random bytes in base64url with padding, for <c>Invoke-RestMethod -Authentication Bearer -Token</c>. It is
    /// only available on sign-in.
    /// </summary>
    public SecureString? Token { get; private set; }

    /// <summary>When the session began, in local time.</summary>
    public DateTime IssuedAt { get; private set; }

    /// <summary>When the session ends, in local time.</summary>
    public DateTime ExpiresAt { get; private set; }

    /// <summary>How much time is left until the session ends; zero after that.</summary>
    public TimeSpan ExpiresIn
    {
        get
        {
            var left = ExpiresAt.ToUniversalTime() - Clock.GetUtcNow().UtcDateTime;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether the session has expired.</summary>
    public bool IsExpired => ExpiresIn == TimeSpan.Zero;

    /// <summary>The user file against which the user signed in; null for a session on a server.</summary>
    public string? Path { get; }

    /// <summary>The server that the session is at; null for a session of a user file.</summary>
    public Uri? Uri { get; }

    /// <summary>Replaces the token by that of a new sign-in at the same server.</summary>
    internal void Renew(SecureString token, DateTime expiresUtc)
    {
        Token = token;
        IssuedAt = Clock.GetUtcNow().LocalDateTime;
        ExpiresAt = expiresUtc.ToLocalTime();
    }

    /// <summary>The user name; never the token.</summary>
    public override string ToString() => Username;
}
