using System.Globalization;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>
/// Signs users in against the user file by the server's rules, with two guarantees that the server does not give: every
/// refusal takes the same work (one bcrypt computation of the usual cost and one replacement of the file), and failed
/// attempts and lockouts are written to disk at once.
/// </summary>
/// <param name="path">
/// The user file. Writes are not verified. The file is replaced even if there is nothing to record: the duration of the
/// next attempt depends on how recently the file was written, and must not reveal whether this attempt was recorded.
/// </param>
/// <param name="maxFailedAttempts">
/// The number of failed attempts that disables an account; 0 (the server's default) for no limit.
/// </param>
public sealed class LocalSignIn(string path, int maxFailedAttempts)
{
    /// <summary>
    /// The salt and digest of a hash whose password nobody knows. The password is compared with it if there is no valid
    /// hash.
    /// </summary>
    private const string Decoy = "KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC";

    private readonly UserFile _file = new(path) { NoWait = true };

    /// <summary>
    /// The bcrypt cost of a refusal. Tests that need many refusals and do not measure time reduce it.
    /// </summary>
    internal int Cost { get; init; } = PasswordHash.Cost;

    /// <summary>Compares a password with a hash. Tests replace it to count the work.</summary>
    internal Func<SecureString, string, bool> Verify { get; init; } = PasswordHash.Verify;

    /// <summary>Writes the file. Tests replace it to observe its steps.</summary>
    internal AtomicFile Writer { init => _file = new UserFile(_file.Path) { NoWait = true, Writer = value }; }

    /// <summary>Signs a user in and records the last login or the failed attempt.</summary>
    /// <param name="username">The user name.</param>
    /// <param name="password">The password.</param>
    /// <param name="seen">
    /// The result of an unsynchronized read, which may be out of date or incomplete; null to read the file.
    /// </param>
    /// <param name="cancellation">Cancels the wait for the lock of the file.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be used.</exception>
    public SignInResult SignIn(
        string username, SecureString password, UserFileSnapshot? seen = null, CancellationToken cancellation = default)
    {
        for (seen ??= _file.ReadUnsynchronized(); ; seen = _file.Read())
        {
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
        // A hash of lower cost, written by another program, would take less time and reveal that the user exists. The
        // difference is made up, because work doubles with each cost: 2^c + (2^c + 2^(c+1) + … + 2^(n-1)) = 2^n.
        if (hash is not null && !(matches && account!.Enabled))
        {
            for (var cost = PasswordHash.CostOf(hash); cost < Cost; cost++)
                Verify(password, DecoyOf(cost));
        }

        return matches;
    }

    /// <summary>Creates a well-formed hash of a cost, whose password nobody knows.</summary>
    internal static string DecoyOf(int cost) => string.Create(CultureInfo.InvariantCulture, $"$2a${cost:00}${Decoy}");

    /// <summary>
    /// Records the attempt for the account as it is under the lock, since it may have been disabled in the meantime.
    /// </summary>
    /// <returns>Null if the hash has changed in the meantime, so that the password must be checked again.</returns>
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
