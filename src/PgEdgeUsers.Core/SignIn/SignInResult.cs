using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>Why a sign-in was refused. This is for the audit log and never shown to the person who signs in.</summary>
public enum RefusalReason
{
    /// <summary>The user does not exist.</summary>
    UnknownUser,

    /// <summary>The password is wrong.</summary>
    WrongPassword,

    /// <summary>The account is disabled; the password may be right or wrong.</summary>
    AccountDisabled,

    /// <summary>The account's password hash is malformed, so no password matches it.</summary>
    MalformedHash,
}

/// <summary>The result of a sign-in.</summary>
/// <param name="Account">The account after the sign-in; null if it was refused.</param>
/// <param name="Reason">Why it was refused; null if it succeeded.</param>
/// <param name="IsLockedNow">Whether this attempt disabled the account.</param>
public sealed record SignInResult(UserAccount? Account, RefusalReason? Reason, bool IsLockedNow);
