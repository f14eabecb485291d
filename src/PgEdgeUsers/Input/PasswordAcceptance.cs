using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers;

/// <summary>Lets a new password through that the policy accepts.</summary>
internal static class PasswordAcceptance
{
    /// <summary>Gives the password back, or null after having reported the rule that it breaks.</summary>
    public static SecureString? Accept(this PSCmdlet cmdlet, SecureString password, string username, PasswordPolicy policy)
    {
        if (SecureValueAttribute.IsRefused(password))
        {
            cmdlet.WriteError(Errors.PlainTextPassword(username));
            return null;
        }

        try
        {
            policy.Check(password, username);
            return password;
        }
        catch (PgEdgeUsersException rejection)
        {
            cmdlet.WriteError(Errors.Record(rejection, username));
            return null;
        }
    }
}
