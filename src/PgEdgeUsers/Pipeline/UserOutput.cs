using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers;

/// <summary>Converts accounts to output objects.</summary>
internal static class UserOutput
{
    /// <summary>The property that contains a generated password.</summary>
    public const string GeneratedPassword = "GeneratedPassword";

    /// <summary>A user. A generated password is added as a property, because it is not stored anywhere.</summary>
    public static PSObject Of(UserAccount account, OpenUserFile file, SecureString? generatedPassword = null)
    {
        var user = new PSObject(new PgEdgeUser(account, file.Path, file.History.PasswordLastSet(account)));
        if (generatedPassword is null)
            return user;
        user.Properties.Add(new PSNoteProperty(GeneratedPassword, generatedPassword));
        // This type name has its own view, which shows that there is a password.
        user.TypeNames.Insert(0, $"{typeof(PgEdgeUser).FullName}#{GeneratedPassword}");
        return user;
    }
}
