using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Document;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>
/// Sign-in against the user file by the server's rules, with what the server leaves open: every refusal takes one bcrypt and
/// says the same, and attempts and lockouts are on disk at once.
/// </summary>
/// <param name="path">The user file. No looks follow a write to it: they would tell an attempt that was recorded from one that was not.</param>
/// <param name="maxFailedAttempts">The number of failed attempts that disables an account; 0 for no limit, the server's default.</param>
public sealed class LocalSignIn(string path, int maxFailedAttempts)
{
    private readonly UserFile _file = new(path) { NoWait = true };

    /// <summary>A hash that no password is known for, of the usual cost: what is compared where there is nothing to compare.</summary>
    private const string Decoy = "$2a$12$KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC";

    /// <summary>Signs a user in and records it: the last login, or the failed attempt.</summary>
    /// <returns>The account after the sign-in.</returns>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuthenticationFailed"/>, for whatever reason; or the file cannot be used.</exception>
    public UserAccount SignIn(string username, SecureString password, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        while (true)
        {
            var snapshot = _file.Read();
            var hash = snapshot.Find(username)?.PasswordHash;
            var matches = PasswordHash.Verify(password, hash is not null && PasswordHash.IsWellFormed(hash) ? hash : Decoy)
                && password.Length > 0 && hash is not null && PasswordHash.IsWellFormed(hash);
            var attempt = Record(username, hash, matches, snapshot, cancellation);
            if (attempt is { IsStale: true })
                continue;
            return attempt.Account ?? throw new PgEdgeUsersException(
                FailureKind.AuthenticationFailed,
                "Sign-in failed: the user name or password is wrong, or the account is disabled. Get-PgEdgeUser shows an administrator the account's state.");
        }
    }

    private Attempt Record(string username, string? checkedHash, bool matches, UserFileSnapshot snapshot, CancellationToken cancellation)
    {
        if (checkedHash is null)
            return new Attempt(null, IsStale: false);
        var attempt = new Attempt(null, IsStale: false);
        var update = _file.Update([new UpdateUser(username, account =>
        {
            // The account that counts is the one under the lock: it may have been disabled or given a new password meanwhile.
            attempt = new Attempt(null, IsStale: account.PasswordHash != checkedHash);
            if (attempt.IsStale || !account.Enabled)
                return account;
            if (!matches)
                return WithFailure(account);
            account = account with { LastLogin = DateTime.UtcNow, FailedAttempts = 0 };
            attempt = attempt with { Account = account };
            return account;
        })], snapshot, cancellation: cancellation);
        return update.Results[0].Failure is null ? attempt : new Attempt(null, IsStale: false);
    }

    private UserAccount WithFailure(UserAccount account)
    {
        var failed = account.FailedAttempts == int.MaxValue ? int.MaxValue : account.FailedAttempts + 1;
        return account with { FailedAttempts = failed, Enabled = maxFailedAttempts == 0 || failed < maxFailedAttempts };
    }

    private sealed record Attempt(UserAccount? Account, bool IsStale);
}
