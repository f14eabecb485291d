using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>A session as the sessions file keeps it: who and how long, and of the token only its hash.</summary>
/// <param name="Id">A short random name, to speak of the session.</param>
/// <param name="Username">Who signed in.</param>
/// <param name="TokenHash">The SHA-256 of the token, in base64.</param>
/// <param name="PasswordStamp">What the account's password hash was, hashed: another password ends the session.</param>
/// <param name="IssuedAt">When it began, in UTC.</param>
/// <param name="ExpiresAt">When it ends, in UTC.</param>
public sealed record SessionRecord(
    string Id, string Username, string TokenHash, string PasswordStamp, DateTime IssuedAt, DateTime ExpiresAt)
{
    /// <summary>How long an id is, in lower-case hexadecimal digits.</summary>
    public const int IdLength = 8;

    /// <summary>Makes an id for a new session, here or at a server.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Whether the session has begun and has not expired.</summary>
    public bool IsLiveAt(DateTime time) => IssuedAt <= time && time < ExpiresAt;

    /// <summary>Names the session and its user; hashes are not shown.</summary>
    public override string ToString() => $"{Id} ({Username})";
}
