using System.Security;
using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>Makes passwords from the system's random generator.</summary>
public static class PasswordGenerator
{
    /// <summary>Letters and digits that are not mistaken for one another when read or heard.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int Groups = 5;
    private const int GroupLength = 5;

    /// <summary>Makes a password of 25 characters in five groups: 145 random bits, more than any hash of it protects.</summary>
    public static SecureString Create()
    {
        var password = new SecureString();
        for (var group = 0; group < Groups; group++)
        {
            if (group > 0)
                password.AppendChar('-');
            for (var i = 0; i < GroupLength; i++)
                password.AppendChar(Alphabet[RandomNumberGenerator.GetInt32(Alphabet.Length)]);
        }

        password.MakeReadOnly();
        return password;
    }
}
