using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Document;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Passwords;

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

/// <summary>
/// Sign-in against the user file by the server's rules, with what the server leaves open: every refusal takes one bcrypt of the
/// same cost, and attempts and lockouts are on disk at once.
/// </summary>
/// <param name="path">The user file. No looks follow a write to it: they would tell an attempt that was recorded from one that was not.</param>
/// <param name="maxFailedAttempts">The number of failed attempts that disables an account; 0 for no limit, the server's default.</param>
public sealed class LocalSignIn(string path, int maxFailedAttempts)
{
    /// <summary>A well-formed hash of the usual cost that no password is known for: what is compared where there is nothing to compare.</summary>
    internal const string Decoy = "$2a$12$KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC";

    private readonly UserFile _file = new(path) { NoWait = true };

    /// <summary>Signs a user in and records it: the last login, or the failed attempt.</summary>
    /// <exception cref="PgEdgeUsersException">The file cannot be used.</exception>
    public SignInResult SignIn(string username, SecureString password, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        while (true)
        {
            var snapshot = _file.Read();
            var hash = snapshot.Find(username)?.PasswordHash;
            var isUsable = hash is not null && PasswordHash.IsWellFormed(hash);
            var matches = PasswordHash.Verify(password, isUsable ? hash! : Decoy) && isUsable && password.Length > 0;
            if (hash is null)
                return Refused(RefusalReason.UnknownUser);
            if (Record(username, hash, matches, snapshot, cancellation) is { } result)
                return result.Reason == RefusalReason.WrongPassword && !isUsable ? result with { Reason = RefusalReason.MalformedHash } : result;
        }
    }

    /// <summary>Records the attempt on the account as it is under the lock: it may have been disabled meanwhile.</summary>
    /// <returns>Null when it got a new password meanwhile, so that the check must be made again.</returns>
    private SignInResult? Record(string username, string checkedHash, bool matches, UserFileSnapshot snapshot, CancellationToken cancellation)
    {
        SignInResult? result = null;
        var update = _file.Update(
            [new UpdateUser(username, account =>
            {
                (var after, result) = Attempt(account, checkedHash, matches);
                return after;
            })],
            snapshot,
            cancellation: cancellation);
        return update.Results[0].Failure is null ? result : Refused(RefusalReason.UnknownUser);
    }

    private (UserAccount After, SignInResult? Result) Attempt(UserAccount account, string checkedHash, bool matches)
    {
        if (account.PasswordHash != checkedHash)
            return (account, null);
        if (!account.Enabled)
            return (account, Refused(RefusalReason.AccountDisabled));
        if (matches)
        {
            account = account with { LastLogin = DateTime.UtcNow, FailedAttempts = 0 };
            return (account, new SignInResult(account, null, false));
        }

        var failed = account.FailedAttempts == int.MaxValue ? int.MaxValue : account.FailedAttempts + 1;
        account = account with { FailedAttempts = failed, Enabled = maxFailedAttempts == 0 || failed < maxFailedAttempts };
        return (account, new SignInResult(null, RefusalReason.WrongPassword, IsLockedNow: !account.Enabled));
    }

    private static SignInResult Refused(RefusalReason reason) => new(null, reason, IsLockedNow: false);
}
