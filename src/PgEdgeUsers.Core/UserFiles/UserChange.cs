using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// One thing to do to one account. A change says what is meant, not what to write, so it can be made again on a text
/// that another process changed in the meantime.
/// </summary>
/// <param name="Username">The exact name of the account.</param>
public abstract record UserChange(string Username)
{
    /// <summary>Where the password hash comes from that the change sets; null if it is a new one.</summary>
    public CopiedPassword? CopiedPassword { get; init; }
}

/// <summary>A password hash that is copied from another account.</summary>
/// <param name="LastSet">When it was set there, in UTC; null if that is not known.</param>
public sealed record CopiedPassword(DateTime? LastSet);

/// <summary>Adds an account.</summary>
/// <param name="Account">The account; its name must follow the rules of <see cref="UserName"/>.</param>
public sealed record AddUser(UserAccount Account) : UserChange(Account.Name);

/// <summary>Adds an account that was removed, as it was, whatever its name is.</summary>
/// <param name="Account">The account.</param>
public sealed record RestoreUser(UserAccount Account) : UserChange(Account.Name);

/// <summary>Adds the account of another file as it is, whatever its name is.</summary>
/// <param name="Account">The account.</param>
/// <param name="Source">The other file.</param>
/// <param name="OnConflict">What is done if a user has that name or one that looks like it.</param>
public sealed record CopyUser(UserAccount Account, string Source, NameConflict OnConflict = NameConflict.Refuse)
    : UserChange(Account.Name);

/// <summary>What is done with an account whose name is taken.</summary>
public enum NameConflict
{
    /// <summary>It is a failure.</summary>
    Refuse,

    /// <summary>The account is left out, and nothing is changed.</summary>
    Skip,

    /// <summary>
    /// The account replaces the one of exactly that name. A name that only looks like it is a failure.
    /// </summary>
    Overwrite,
}

/// <summary>Changes an account.</summary>
/// <param name="Username">The exact name of the account.</param>
/// <param name="Update">
/// Gives the account as it is to be from the account as it is; may be called more than once. If it gives the account
/// the name that it had earlier, that name must be free, and need not follow any rule.
/// </param>
public sealed record UpdateUser(string Username, Func<UserAccount, UserAccount> Update) : UserChange(Username);

/// <summary>Gives an account another name. Everything else in its entry stays as it is.</summary>
/// <param name="Username">The exact name of the account.</param>
/// <param name="NewName">
/// The new name, which must follow the rules of <see cref="UserName"/>. It may resemble the old one.
/// </param>
public sealed record RenameUser(string Username, string NewName) : UserChange(Username);

/// <summary>Removes an account.</summary>
/// <param name="Username">The exact name of the account.</param>
public sealed record RemoveUser(string Username) : UserChange(Username);

/// <summary>Removes an account and its history. An account that does not exist has only its history removed.</summary>
/// <param name="Username">The exact name of the account.</param>
public sealed record PurgeUser(string Username) : UserChange(Username);

/// <summary>The outcome of a change.</summary>
/// <param name="Change">The change.</param>
/// <param name="Before">The account as it was; null when there was none or the change failed.</param>
/// <param name="Account">
/// The account as the file holds it now; null when it was removed or the change failed. If a later change renamed it,
/// the account as it was before that.
/// </param>
/// <param name="Failure">Why the change was not made; null when it was.</param>
public sealed record UserChangeResult(
    UserChange Change, UserAccount? Before, UserAccount? Account, PgEdgeUsersException? Failure)
{
    /// <summary>
    /// Whether the account differs from before: false for a failure, and where it was like that already.
    /// </summary>
    public bool IsChanged => Before != Account;
}
