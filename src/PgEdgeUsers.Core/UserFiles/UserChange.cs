using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// A change of one account. It describes the intent, not the text, so it can be reapplied to a text that another
/// process has changed in the meantime.
/// </summary>
/// <param name="Username">The exact name of the account.</param>
public abstract record UserChange(string Username)
{
    /// <summary>The origin of the password hash that the change sets; null if the hash is new.</summary>
    public CopiedPassword? CopiedPassword { get; init; }
}

/// <summary>A password hash that is copied from another account.</summary>
/// <param name="LastSet">When it was set in the source, in UTC; null if unknown.</param>
public sealed record CopiedPassword(DateTime? LastSet);

/// <summary>Adds an account.</summary>
/// <param name="Account">The account; its name must follow the rules of <see cref="UserName"/>.</param>
public sealed record AddUser(UserAccount Account) : UserChange(Account.Name);

/// <summary>Adds a removed account unchanged, even if its name breaks the rules.</summary>
/// <param name="Account">The account.</param>
public sealed record RestoreUser(UserAccount Account) : UserChange(Account.Name);

/// <summary>Adds an account from another file unchanged, even if its name breaks the rules.</summary>
/// <param name="Account">The account.</param>
/// <param name="Source">The other file.</param>
/// <param name="OnConflict">What to do if a user has that name or a similar one.</param>
public sealed record CopyUser(UserAccount Account, string Source, NameConflict OnConflict = NameConflict.Refuse)
    : UserChange(Account.Name);

/// <summary>What to do with an account whose name is taken.</summary>
public enum NameConflict
{
    /// <summary>The change fails.</summary>
    Refuse,

    /// <summary>The account is skipped, and nothing is changed.</summary>
    Skip,

    /// <summary>
    /// The account replaces the one with exactly that name. If a name is only similar, the change fails.
    /// </summary>
    Overwrite,
}

/// <summary>Changes an account.</summary>
/// <param name="Username">The exact name of the account.</param>
/// <param name="Update">
/// Returns the new account for the current one; may be called more than once. If it restores an earlier name, that name
/// must be free, but may break the rules.
/// </param>
public sealed record UpdateUser(string Username, Func<UserAccount, UserAccount> Update) : UserChange(Username);

/// <summary>Renames an account. Everything else in its entry is unchanged.</summary>
/// <param name="Username">The exact name of the account.</param>
/// <param name="NewName">
/// The new name, which must follow the rules of <see cref="UserName"/>. It may be similar to the old one.
/// </param>
public sealed record RenameUser(string Username, string NewName) : UserChange(Username);

/// <summary>Removes an account.</summary>
/// <param name="Username">The exact name of the account.</param>
public sealed record RemoveUser(string Username) : UserChange(Username);

/// <summary>Removes an account and its history. An account that does not exist has only its history removed.</summary>
/// <param name="Username">The exact name of the account.</param>
public sealed record PurgeUser(string Username) : UserChange(Username);

/// <summary>The result of a change.</summary>
/// <param name="Change">The change.</param>
/// <param name="Before">The account before the change; null if there was none or the change failed.</param>
/// <param name="Account">
/// The account in the file now; null if it was removed or the change failed. If a later change renamed it, the account
/// before the renaming.
/// </param>
/// <param name="Failure">Why the change failed; null if it succeeded.</param>
public sealed record UserChangeResult(
    UserChange Change, UserAccount? Before, UserAccount? Account, PgEdgeUsersException? Failure)
{
    /// <summary>
    /// Whether the account was changed: false if the change failed, or if the account already was as requested.
    /// </summary>
    public bool IsChanged => Before != Account;
}
