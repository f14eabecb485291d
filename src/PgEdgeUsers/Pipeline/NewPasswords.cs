using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers;

/// <summary>Obtains new passwords: given, generated or typed, checked against the password policy.</summary>
internal sealed class NewPasswords(PSCmdlet cmdlet, PasswordPolicy policy)
{
    /// <summary>Checks a given password. If it is not accepted, writes an error and returns false.</summary>
    public bool Accepts(SecureString password, string username)
    {
        if (SecureValueAttribute.IsRefused(password))
        {
            cmdlet.WriteError(Errors.PlainTextPassword(username));
            return false;
        }

        try
        {
            policy.Check(password, username);
            return true;
        }
        catch (PgEdgeUsersException rejection)
        {
            cmdlet.WriteError(Errors.Record(rejection, username));
            return false;
        }
    }

    /// <summary>Generates a password that the policy accepts.</summary>
    public SecureString Generate() => PasswordGenerator.Create(policy.MinLength);

    /// <summary>Prompts for a password; null after an error has been written.</summary>
    public SecureString? Ask(string username) => new PasswordPrompt(cmdlet).AskNew(username, policy);
}
