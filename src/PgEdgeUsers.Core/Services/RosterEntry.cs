using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>What a roster, which is a list of users, says about one of them. It need not say everything.</summary>
/// <param name="Name">The exact name.</param>
public sealed record RosterEntry(string Name)
{
    /// <summary>The annotation, empty for none; null if the roster does not say.</summary>
    public string? Annotation { get; init; }

    /// <summary>Whether the user may sign in; null if the roster does not say.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The password; null if the roster does not have it.</summary>
    public SecureString? Password { get; init; }

    /// <summary>The account in another user file; null if the roster is something else.</summary>
    public CopyUser? Reference { get; init; }

    /// <summary>Whether the entry has an error. The user stays as it is, and is not missing.</summary>
    public bool IsInvalid { get; init; }

    /// <summary>The entry of an account in another user file.</summary>
    /// <param name="account">The account.</param>
    /// <param name="source">The other file.</param>
    /// <param name="passwordLastSet">When its password was set, in UTC; null if that is not known.</param>
    public static RosterEntry Of(UserAccount account, string source, DateTime? passwordLastSet)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new RosterEntry(account.Name)
        {
            Annotation = account.Annotation,
            Enabled = account.Enabled,
            Reference = new CopyUser(account, source) { CopiedPassword = new CopiedPassword(passwordLastSet) },
        };
    }
}

/// <summary>What is done with users that a roster does not name.</summary>
public enum MissingUsers
{
    /// <summary>They stay as they are.</summary>
    Ignore,

    /// <summary>They are disabled.</summary>
    Disable,

    /// <summary>They are removed.</summary>
    Remove,
}
