using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>
/// Creates and checks bcrypt hashes like the server: <c>$2a$</c>, cost 12, at most 72 bytes of UTF-8.
/// </summary>
public static partial class PasswordHash
{
    /// <summary>The cost of new hashes: 2^12 rounds, as in the pgEdge documentation and the server.</summary>
    public const int Cost = 12;

    /// <summary>The longest password, in bytes of UTF-8; bcrypt ignores any further bytes.</summary>
    public const int MaxBytes = 72;

    /// <summary>The length of the salt and the digest in a hash, in characters.</summary>
    private const int SettingsAndDigestLength = 53;

    /// <summary>Hashes a password with a new random salt.</summary>
    /// <param name="password">The password. Only bcrypt's own limits are checked, not the password policy.</param>
    /// <param name="cost">The binary logarithm of the number of rounds, 4 to 31.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.PasswordRejected"/>: the password has more than 72 bytes.
    /// </exception>
    public static string Create(SecureString password, int cost = Cost)
    {
        using var text = SecretText.From(password);
        if (ReasonNotToHash(text) is { } reason)
            throw new PgEdgeUsersException(FailureKind.PasswordRejected, $"The password {reason}");
        return BCrypt.Net.BCrypt.HashPassword(text.Value, BCrypt.Net.BCrypt.GenerateSalt(cost, 'a'));
    }

    /// <summary>Creates a well-formed hash with a random digest, so that no known password matches it.</summary>
    public static string CreateUnmatched()
    {
        const string digits = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return $"$2a${Cost}${RandomNumberGenerator.GetString(digits, SettingsAndDigestLength)}";
    }

    /// <summary>
    /// Checks a password by the server's rules: only the first 72 bytes count, <c>$2a$</c>, <c>$2b$</c> and <c>$2y$</c>
    /// are equivalent, and no password matches a malformed hash.
    /// </summary>
    public static bool Verify(SecureString password, string hash)
    {
        if (!IsWellFormed(hash))
            return false;
        using var text = SecretText.From(password);
        var (settings, digest) = (hash[^53..^31], hash[^31..]);
        var computed = BCrypt.Net.BCrypt.HashPassword(text.Value, $"$2a${CostOf(hash):00}${settings}");
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(computed[^31..]), Encoding.ASCII.GetBytes(digest));
    }

    /// <summary>Whether the text is a bcrypt hash that the server can check.</summary>
    public static bool IsWellFormed(string hash) => Form().IsMatch(hash) && CostOf(hash) is >= 4 and <= 31;

    /// <summary>
    /// The reason why a password cannot be hashed completely, as the end of a sentence about it; null if it can.
    /// </summary>
    internal static string? ReasonNotToHash(SecretText password) => password.ByteCount <= MaxBytes
        ? null
        : $"has {password.ByteCount.ToString(CultureInfo.InvariantCulture)} bytes in UTF-8, and bcrypt uses at most "
            + $"{MaxBytes}. Choose a shorter one.";

    /// <summary>The cost of a well-formed hash.</summary>
    internal static int CostOf(string hash) =>
        int.Parse(hash.AsSpan(hash.IndexOf('$', 1) + 1, 2), NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\$2[\x00-#%-\x7F]?\$[0-9]{2}\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Form();
}
