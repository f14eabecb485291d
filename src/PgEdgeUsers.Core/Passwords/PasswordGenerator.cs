using System.Security;
using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>Makes passwords from the system's random generator.</summary>
public static class PasswordGenerator
{
    /// <summary>Letters and digits that are not mistaken for one another when read or heard.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int GroupLength = 5;
    private const int Length = 29;

    /// <summary>
    /// Makes a password of five groups of five characters, with hyphens between: 145 random bits, more than any hash of
    /// it protects.
    /// </summary>
    /// <param name="minLength">The least length where it is to be longer, up to bcrypt's 72.</param>
    public static SecureString Create(int minLength = Length)
    {
        var length = Math.Max(Length, minLength);
        var password = new SecureString();
        for (var i = 1; i <= length; i++)
        {
            password.AppendChar(i % (GroupLength + 1) == 0 && i < length
                ? '-'
                : Alphabet[RandomNumberGenerator.GetInt32(Alphabet.Length)]);
        }

        password.MakeReadOnly();
        return password;
    }
}
