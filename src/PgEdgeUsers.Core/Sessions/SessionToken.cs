using System.Buffers.Text;
using System.Security;
using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>Session tokens in the server's format: 32 random bytes in base64url with padding.</summary>
public static class SessionToken
{
    /// <summary>The number of random bytes in a token.</summary>
    public const int Bytes = 32;

    /// <summary>How long a session lasts: 24 hours, as in the pgEdge documentation and the server.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Creates a token with the system's random number generator. It is never stored in a string here.
    /// </summary>
    public static SecureString Create()
    {
        using var text = new SecretBytes(Base64.GetMaxEncodedToUtf8Length(Bytes));
        RandomNumberGenerator.Fill(text.Free.Span[..Bytes]);
        Base64.EncodeToUtf8InPlace(text.Free.Span, Bytes, out var length);
        text.Advance(length);
        var token = new SecureString();
        foreach (var value in text.Content.Span)
            token.AppendChar((char)value switch { '+' => '-', '/' => '_', var other => other });
        token.MakeReadOnly();
        return token;
    }

    /// <summary>Whether a text can be sent as a bearer token: visible ASCII characters only.</summary>
    internal static bool IsHeaderValue(string token) =>
        token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>
    /// The hash that is stored for a token: the SHA-256 of its characters in UTF-8. A token has 256 random bits, so it
    /// needs neither a salt nor a slow hash.
    /// </summary>
    public static byte[] Hash(SecureString token)
    {
        using var text = SecretText.From(token);
        using var bytes = text.ToBytes();
        return SHA256.HashData(bytes.Content.Span);
    }
}
