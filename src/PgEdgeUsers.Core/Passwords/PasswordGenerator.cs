using System.Security;
using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>Generates passwords with the system's random number generator.</summary>
public static class PasswordGenerator
{
    /// <summary>Letters and digits that cannot be confused when they are read or spoken.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int GroupLength = 5;
    private const int Length = 29;

    /// <summary>
    /// Generates a password of five groups of five characters, separated by hyphens. It has 145 random bits, more than
    /// its hash can protect.
    /// </summary>
    /// <param name="minLength">The minimum length, up to bcrypt's limit of 72, if the password must be longer.</param>
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
