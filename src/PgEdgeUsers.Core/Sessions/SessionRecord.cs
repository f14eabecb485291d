using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>A session in the sessions file. It contains only the hash of the token.</summary>
/// <param name="Id">A short random id of the session.</param>
/// <param name="Username">The user who signed in.</param>
/// <param name="TokenHash">The SHA-256 of the token, in base64.</param>
/// <param name="PasswordStamp">
/// A hash of the account's password hash at sign-in. If the password changes, the session ends.
/// </param>
/// <param name="IssuedAt">When it began, in UTC.</param>
/// <param name="ExpiresAt">When it ends, in UTC.</param>
public sealed record SessionRecord(
    string Id, string Username, string TokenHash, string PasswordStamp, DateTime IssuedAt, DateTime ExpiresAt)
{
    /// <summary>The length of an id, in lower-case hexadecimal digits.</summary>
    public const int IdLength = 8;

    /// <summary>Creates an id for a new session, of a user file or at a server.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Whether the session has begun and has not expired.</summary>
    public bool IsLiveAt(DateTime time) => IssuedAt <= time && time < ExpiresAt;

    /// <summary>Returns the id and the user, without hashes.</summary>
    public override string ToString() => $"{Id} ({Username})";
}
