using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>
/// An entry of a roster, which is a list of users. Properties that the roster does not specify are null.
/// </summary>
/// <param name="Name">The exact name.</param>
public sealed record RosterEntry(string Name)
{
    /// <summary>The annotation, empty for none; null if the roster does not specify it.</summary>
    public string? Annotation { get; init; }

    /// <summary>Whether the user may sign in; null if the roster does not specify it.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The password; null if the roster does not contain it.</summary>
    public SecureString? Password { get; init; }

    /// <summary>The account in another user file; null if the roster is not a user file.</summary>
    public CopyUser? Reference { get; init; }

    /// <summary>Whether the entry is only about an existing user, and never adds one.</summary>
    public bool IsForExistingUser { get; init; }

    /// <summary>Whether the user is removed.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Whether the entry has an error. The user is not changed, and does not count as missing.</summary>
    public bool IsInvalid { get; init; }

    /// <summary>Creates an entry for an account in another user file.</summary>
    /// <param name="account">The account.</param>
    /// <param name="source">The other file.</param>
    /// <param name="passwordLastSet">When its password was set, in UTC; null if unknown.</param>
    public static RosterEntry Of(UserAccount account, string source, DateTime? passwordLastSet)
    {
        return new RosterEntry(account.Name)
        {
            Annotation = account.Annotation,
            Enabled = account.Enabled,
            Reference = new CopyUser(account, source) { CopiedPassword = new CopiedPassword(passwordLastSet) },
        };
    }
}

/// <summary>What to do with users that a roster does not contain.</summary>
public enum MissingUsers
{
    /// <summary>They are not changed.</summary>
    Ignore,

    /// <summary>They are disabled.</summary>
    Disable,

    /// <summary>They are removed.</summary>
    Remove,
}
