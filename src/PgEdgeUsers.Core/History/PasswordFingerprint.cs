using System.Security.Cryptography;
using System.Text;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// Identifies a password hash without containing it: the first 16 bytes of its SHA-256. Hashes are salted, so the
/// same password has a different fingerprint each time it is set.
/// </summary>
internal readonly record struct PasswordFingerprint(UInt128 Value)
{
    /// <summary>Computes the fingerprint of a bcrypt hash.</summary>
    public static PasswordFingerprint Of(string hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(hash), digest);
        return new PasswordFingerprint(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>Parses the 32 hexadecimal digits of a fingerprint.</summary>
    /// <exception cref="FormatException">The text is not a fingerprint.</exception>
    public static PasswordFingerprint Parse(string text) => new(UInt128.Parse(
        text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
