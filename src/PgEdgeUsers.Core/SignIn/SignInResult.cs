using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>Why a sign-in was refused: for the administrator's record, never for who signs in.</summary>
public enum RefusalReason
{
    /// <summary>There is no such user.</summary>
    UnknownUser,

    /// <summary>The password is wrong.</summary>
    WrongPassword,

    /// <summary>The account is disabled, with whatever password.</summary>
    AccountDisabled,

    /// <summary>The account's hash is malformed: no password matches.</summary>
    MalformedHash,
}

/// <summary>How a sign-in ended.</summary>
/// <param name="Account">The account after the sign-in; null when it was refused.</param>
/// <param name="Reason">Why it was refused; null when it was not.</param>
/// <param name="IsLockedNow">Whether this attempt was the one that disabled the account.</param>
public sealed record SignInResult(UserAccount? Account, RefusalReason? Reason, bool IsLockedNow);
