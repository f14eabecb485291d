using System.Globalization;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>
/// Sign-in against the user file by the server's rules, with what the server leaves open: every attempt takes the same
/// work, one bcrypt of the usual cost and one replacement of the file, and attempts and lockouts are on disk at once.
/// </summary>
/// <param name="path">
/// The user file. A write is not verified afterwards. It is replaced also where there is nothing to record: how long
/// the next attempt takes depends on how lately the file was written, and must not tell whether this one was recorded.
/// </param>
/// <param name="maxFailedAttempts">
/// The number of failed attempts that disables an account; 0 for no limit, the server's default.
/// </param>
public sealed class LocalSignIn(string path, int maxFailedAttempts)
{
    /// <summary>
    /// The salt and digest of a hash that no password is known for: what is compared where there is nothing to compare.
    /// </summary>
    private const string Decoy = "KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC";

    private readonly UserFile _file = new(path) { NoWait = true };

    /// <summary>
    /// The cost that every refusal takes; another only where many are needed and their time does not matter.
    /// </summary>
    internal int Cost { get; init; } = PasswordHash.Cost;

    /// <summary>What compares a password with a hash; another only where the work is to be counted.</summary>
    internal Func<SecureString, string, bool> Verify { get; init; } = PasswordHash.Verify;

    /// <summary>What writes the file; another only where its steps are to be seen.</summary>
    internal AtomicFile Writer { init => _file = new UserFile(_file.Path) { NoWait = true, Writer = value }; }

    /// <summary>Signs a user in and records it: the last login, or the failed attempt.</summary>
    /// <param name="username">Who signs in.</param>
    /// <param name="password">With which password.</param>
    /// <param name="seen">
    /// An unsynchronized read of the file; it may be out of date, or of a file that was being written. Not given: the
    /// file is read.
    /// </param>
    /// <param name="cancellation">Ends the wait for the file's lock.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be used.</exception>
    public SignInResult SignIn(
        string username, SecureString password, UserFileSnapshot? seen = null, CancellationToken cancellation = default)
    {
        for (seen ??= _file.ReadUnsynchronized(); ; seen = _file.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var account = seen.Find(username);
            var matches = Matches(password, account);
            if (Record(username, account?.PasswordHash, matches, cancellation) is { } result)
                return result;
        }
    }

    private bool Matches(SecureString password, UserAccount? account)
    {
        var hash = account is not null && PasswordHash.IsWellFormed(account.PasswordHash) ? account.PasswordHash : null;
        var matches = Verify(password, hash ?? DecoyOf(Cost)) && hash is not null && password.Length > 0;
        // A cheaper hash, which others may have made, would tell that there is such a user:
        // 2^c and 2^c + 2^(c+1) + … + 2^(n-1) make 2^n.
        if (hash is not null && !(matches && account!.Enabled))
        {
            for (var cost = PasswordHash.CostOf(hash); cost < Cost; cost++)
                Verify(password, DecoyOf(cost));
        }

        return matches;
    }

    /// <summary>A well-formed hash of a cost that no password is known for.</summary>
    internal static string DecoyOf(int cost) => string.Create(CultureInfo.InvariantCulture, $"$2a${cost:00}${Decoy}");

    /// <summary>
    /// Records the attempt on the account as it is under the lock: it may have been disabled meanwhile.
    /// </summary>
    /// <returns>Null when there is another hash meanwhile, so that the check must be made again.</returns>
    private SignInResult? Record(string username, string? checkedHash, bool matches, CancellationToken cancellation)
    {
        SignInResult? result = null;
        var update = _file.UpdateAlways(
            new UpdateUser(username, account =>
            {
                (var after, result) = Attempt(account, checkedHash, matches);
                return after;
            }),
            cancellation);
        return update.Results[0].Failure is null ? result : Refused(RefusalReason.UnknownUser);
    }

    private (UserAccount After, SignInResult? Result) Attempt(UserAccount account, string? checkedHash, bool matches)
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

        var reason = PasswordHash.IsWellFormed(account.PasswordHash)
            ? RefusalReason.WrongPassword
            : RefusalReason.MalformedHash;
        var failed = account.FailedAttempts == int.MaxValue ? int.MaxValue : account.FailedAttempts + 1;
        var isBelowThreshold = maxFailedAttempts == 0 || failed < maxFailedAttempts;
        account = account with { FailedAttempts = failed, Enabled = isBelowThreshold };
        return (account, new SignInResult(null, reason, IsLockedNow: !account.Enabled));
    }

    private static SignInResult Refused(RefusalReason reason) => new(null, reason, IsLockedNow: false);
}
