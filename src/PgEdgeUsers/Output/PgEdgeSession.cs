using System.Security;

namespace PgEdgeUsers;

/// <summary>A signed-in user's session.</summary>
public sealed class PgEdgeSession
{
    internal PgEdgeSession(string username, SecureString token, DateTime issuedUtc, TimeSpan lifetime, string path)
    {
        Username = username;
        Token = token;
        IssuedAt = issuedUtc.ToLocalTime();
        ExpiresAt = (issuedUtc + lifetime).ToLocalTime();
        Path = path;
    }

    /// <summary>Who signed in.</summary>
    public string Username { get; }

    /// <summary>32 random bytes in base64url with padding, as <c>Invoke-RestMethod -Authentication Bearer -Token</c> takes it.</summary>
    public SecureString Token { get; }

    /// <summary>When the session began, in local time.</summary>
    public DateTime IssuedAt { get; }

    /// <summary>When the session ends, in local time.</summary>
    public DateTime ExpiresAt { get; }

    /// <summary>Whether the session has ended by time.</summary>
    public bool IsExpired => DateTime.UtcNow >= ExpiresAt.ToUniversalTime();

    /// <summary>The user file against which the user signed in.</summary>
    public string Path { get; }

    /// <summary>The user name; never the token.</summary>
    public override string ToString() => Username;
}
