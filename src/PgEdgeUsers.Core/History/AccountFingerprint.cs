using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// A fingerprint of the fields of an account that administrators change: the status, and the first 8 bytes of the
/// SHA-256 of the password hash and of the annotation. Sign-ins and failed attempts are not included.
/// </summary>
internal readonly record struct AccountFingerprint(bool IsEnabled, ulong Password, ulong Annotation)
{
    private const int Digits = 16;
    private const char Enabled = '1';
    private const char Disabled = '0';

    /// <summary>Computes the fingerprint of an account.</summary>
    public static AccountFingerprint Of(UserAccount account) =>
        new(account.Enabled, Digest(account.PasswordHash), Digest(account.Annotation));

    /// <summary>Parses the text that <see cref="ToString"/> returns.</summary>
    /// <exception cref="FormatException">The text is not a fingerprint.</exception>
    public static AccountFingerprint Parse(string text)
    {
        if (text.Length != 1 + (2 * Digits) || text[0] is not (Enabled or Disabled))
            throw new FormatException();
        return new AccountFingerprint(
            text[0] == Enabled, Number(text.AsSpan(1, Digits)), Number(text.AsSpan(1 + Digits)));
    }

    /// <summary>1 (enabled) or 0, followed by 16 hexadecimal digits each for password and annotation.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(IsEnabled ? Enabled : Disabled)}{Password:x16}{Annotation:x16}");

    private static ulong Number(ReadOnlySpan<char> digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static ulong Digest(string text)
    {
        if (text.Length == 0)
            return 0;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
