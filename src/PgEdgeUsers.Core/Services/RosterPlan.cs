using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>The changes that make a user file match a roster.</summary>
public sealed class RosterPlan
{
    private readonly UserFileSnapshot _current;
    private readonly IReadOnlyList<RosterEntry> _roster;

    /// <param name="roster">The roster.</param>
    /// <param name="current">The current user file.</param>
    public RosterPlan(IReadOnlyList<RosterEntry> roster, UserFileSnapshot current) =>
        (_roster, _current) = (roster, current);

    /// <summary>What to do with users that the roster does not contain.</summary>
    public MissingUsers Missing { get; init; }

    /// <summary>Whether new users without a password get a generated one.</summary>
    public bool GeneratesPasswords { get; init; }

    /// <summary>Whether more than half of the users may be removed or disabled.</summary>
    public bool AllowsManyLosses { get; init; }

    /// <summary>
    /// Receives the number of passwords that were compared with the current ones and their total, on the thread that
    /// calls <see cref="GetSteps"/>.
    /// </summary>
    public Action<int, int>? OnVerified { get; init; }

    /// <summary>
    /// The steps: first the users of the roster in its order, then the other users of the file by name. A password that
    /// the user already has does not count as a change; checking this takes as long as hashing it.
    /// </summary>
    /// <param name="cancellation">Stops comparing passwords.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.RosterInvalid"/>: the roster is empty, names a user twice, or has a name that no user can
    /// have. <see cref="FailureKind.RosterDisablesTooMany"/>: more than half of the users would be removed or disabled.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<RosterStep> GetSteps(CancellationToken cancellation = default)
    {
        RequireUsable();
        var hasPassword = PasswordHasher.VerifyAll(
            [.. _roster.Select(entry => _current.Find(entry.Name) is null ? null : entry.Password)],
            [.. _roster.Select(entry => _current.Find(entry.Name)?.PasswordHash ?? "")],
            OnVerified,
            cancellation);
        RosterStep[] steps =
        [
            .. _roster.Zip(hasPassword)
                .Where(pair => IsNeeded(pair.First))
                .Select(pair => StepOf(pair.First, pair.Second)),
            .. MissingSteps(),
        ];
        RequireFewLosses(steps.Count(step => step.IsLoss));
        return steps;
    }

    private void RequireUsable()
    {
        if (_roster.Count == 0)
            throw Invalid("The roster is empty.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _roster)
        {
            if (!names.Add(entry.Name))
                throw Invalid($"The roster lists the user '{VisibleText.BeginningOf(entry.Name)}' twice.");
            if (entry is { Reference: null, IsForExistingUser: false } && _current.Find(entry.Name) is null)
                RequirePossible(entry.Name);
        }
    }

    /// <summary>
    /// Rejects the roster if it contains an invalid name: it may be a misspelled user, who would then count as missing.
    /// </summary>
    private static void RequirePossible(string name)
    {
        try
        {
            UserName.Validate(name);
        }
        catch (PgEdgeUsersException failure)
        {
            throw Invalid($"The roster has a name that no new user can have. {failure.Message}");
        }
    }

    private void RequireFewLosses(int losses)
    {
        if (AllowsManyLosses || losses * 2 <= _current.Users.Count)
            return;
        throw new PgEdgeUsersException(
            FailureKind.RosterDisablesTooMany,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{losses} of the {_current.Users.Count} users would be removed or disabled, which is more than half. "
                    + $"Nothing was changed. Check that the roster is complete."));
    }

    private static PgEdgeUsersException Invalid(string problem) => new(
        FailureKind.RosterInvalid, $"{problem} Nothing was changed. Correct the roster.");

    private bool IsNeeded(RosterEntry entry) =>
        !entry.IsInvalid && (!entry.IsForExistingUser || _current.Find(entry.Name) is not null);

    private RosterStep StepOf(RosterEntry entry, bool hasPassword)
    {
        if (_current.Find(entry.Name) is not { } account)
            return Addition(entry);
        return entry.IsRemoved
            ? Removal(account, isInRoster: true)
            : new RosterStep(UpdateOf(entry), account, Updated(account, entry), IsInRoster: true)
            {
                NewPassword = entry.Password is null || hasPassword ? NewPassword.None : NewPassword.Given,
                Password = hasPassword ? null : entry.Password,
            };
    }

    private static UpdateUser UpdateOf(RosterEntry entry) => new(entry.Name, account => Updated(account, entry))
    {
        CopiedPassword = entry.Reference?.CopiedPassword,
    };

    private static UserAccount Updated(UserAccount account, RosterEntry entry)
    {
        var updated = account with
        {
            Annotation = entry.Annotation ?? account.Annotation,
            Enabled = entry.Enabled ?? account.Enabled,
            PasswordHash = entry.Reference?.Account.PasswordHash ?? account.PasswordHash,
        };
        // With the old count, the next wrong password would lock the account again.
        return updated.Enabled && !account.Enabled ? updated with { FailedAttempts = 0 } : updated;
    }

    private RosterStep Addition(RosterEntry entry)
    {
        if (entry.Reference is { } copy)
            return new RosterStep(copy, null, copy.Account, IsInRoster: true);
        var account = new UserAccount(entry.Name)
        {
            DisplayName = entry.Name,
            Annotation = entry.Annotation ?? "",
            Enabled = entry.Enabled ?? true,
            CreatedAt = DateTime.UtcNow,
        };
        var password = entry.Password is not null ? NewPassword.Given
            : GeneratesPasswords ? NewPassword.Generated
            : account.Enabled ? NewPassword.Missing
            : NewPassword.None;
        if (password == NewPassword.None)
            account = account with { PasswordHash = PasswordHash.CreateUnmatched() };
        return new RosterStep(new AddUser(account), null, account, IsInRoster: true)
        {
            NewPassword = password,
            Password = entry.Password,
        };
    }

    private IEnumerable<RosterStep> MissingSteps()
    {
        var names = _roster.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        // A new name that is similar to an existing one probably means that user. The new user is refused, and the
        // existing one is not changed.
        var similar = _roster.Where(entry => !entry.IsForExistingUser && _current.Find(entry.Name) is null)
            .Select(entry => UserName.ConfusionKey(entry.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var account in _current.Users.OrderBy(user => user.Name, NameOrder.Comparer))
        {
            if (names.Contains(account.Name))
                continue;
            yield return similar.Contains(UserName.ConfusionKey(account.Name)) ? Unchanged(account) : Missing switch
            {
                MissingUsers.Disable => new RosterStep(
                    new UpdateUser(account.Name, user => user with { Enabled = false }),
                    account,
                    account with { Enabled = false },
                    IsInRoster: false),
                MissingUsers.Remove => Removal(account, isInRoster: false),
                _ => Unchanged(account),
            };
        }
    }

    private static RosterStep Removal(UserAccount account, bool isInRoster) =>
        new(new RemoveUser(account.Name), account, null, isInRoster);

    private static RosterStep Unchanged(UserAccount account) =>
        new(new UpdateUser(account.Name, user => user), account, account, IsInRoster: false);
}
