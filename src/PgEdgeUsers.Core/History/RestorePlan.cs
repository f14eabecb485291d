using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>A step of a restore: returns one user to an earlier state.</summary>
/// <param name="Earlier">The state to return to.</param>
/// <param name="CurrentName">The current name of the user; null if the user was removed.</param>
/// <param name="LastHash">
/// The last password hash of a removed user, which is restored unless the earlier one is requested.
/// </param>
public sealed record RestoreStep(UserAccount Earlier, string? CurrentName, string LastHash)
{
    /// <summary>The name of the user in the earlier state.</summary>
    public string Username => Earlier.Name;

    /// <summary>
    /// Creates the change that returns the user to the earlier state. It keeps newer sign-ins and failed attempts.
    /// </summary>
    /// <param name="includesPassword">Whether to restore the earlier password, too.</param>
    public UserChange ToChange(bool includesPassword)
    {
        if (CurrentName is null)
            return new RestoreUser(includesPassword ? Earlier : Earlier with { PasswordHash = LastHash });
        return new UpdateUser(CurrentName, account => Earlier with
        {
            PasswordHash = includesPassword ? Earlier.PasswordHash : account.PasswordHash,
            LastLogin = Later(account.LastLogin, Earlier.LastLogin),
            FailedAttempts = account.FailedAttempts,
        });
    }

    /// <summary>The name. The generated text would contain password hashes.</summary>
    public override string ToString() => VisibleText.Of(Username);

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other : one;
}

/// <summary>Finds the earlier states of users in their history.</summary>
public sealed class RestorePlan
{
    private RestorePlan(IEnumerable<RestoreStep> steps, IReadOnlyList<string> addedSince) =>
        (Steps, AddedSince) = ([.. InExecutableOrder(steps)], addedSince);

    /// <summary>
    /// The steps, sorted by the earlier names of the users. If another user has that name now, the step that gives that
    /// user a different name comes first.
    /// </summary>
    public IReadOnlyList<RestoreStep> Steps { get; }

    /// <summary>The current names of users that did not exist at that time.</summary>
    public IReadOnlyList<string> AddedSince { get; }

    /// <summary>Plans to restore all removed users, to their state when they were last removed.</summary>
    public static RestorePlan OfRemoved(UserHistory history, UserFileSnapshot current)
    {
        var removed = new Dictionary<string, UserAccount>(StringComparer.Ordinal);
        foreach (var record in history.Records)
        {
            if (record.Before is { } before && record.After?.Name != before.Name)
                removed.Remove(before.Name);
            if (record is { Before: { } gone, After: null })
                removed[gone.Name] = gone;
            if (record.After is { } after)
                removed.Remove(after.Name);
        }

        return new RestorePlan(
            removed.Values.Where(account => current.Find(account.Name) is null)
                .Select(account => new RestoreStep(account, null, account.PasswordHash)),
            []);
    }

    /// <summary>
    /// Plans to return the users to their state at a time, by undoing newer records one by one: the first record with
    /// that time or a later one, and every record after it in the file, even if the clock was set back.
    /// </summary>
    public static RestorePlan At(DateTime time, UserHistory history, UserFileSnapshot current)
    {
        // The key is the name of the user at the point in time that the loop has reached.
        var users = new Dictionary<string, RestoreStep>(StringComparer.Ordinal);
        // The current names of users that were restored, until the loop reaches the record of their removal. If several
        // users had the same name, the last one to be removed was the first to be restored.
        var restored = new Dictionary<string, Stack<string?>>(StringComparer.Ordinal);
        var added = new List<string>();
        foreach (var record in history.Records.SkipWhile(record => record.Time < time).Reverse())
        {
            string? currentName = null;
            var lastHash = record.Before?.PasswordHash ?? "";
            if (record.After is { } after)
            {
                currentName = after.Name;
                if (users.Remove(after.Name, out var known))
                    (currentName, lastHash) = (known.CurrentName, known.LastHash);
            }
            else
            {
                currentName = TakeRestored(record.Username);
            }

            if (record.Before is { } before)
                users[before.Name] = new RestoreStep(before, currentName, lastHash);
            else if (record.Event == HistoryEvent.Restored)
                AddRestored(record.Username, currentName);
            else if (currentName is not null && current.Find(currentName) is not null)
                added.Add(currentName);
        }

        return new RestorePlan(users.Values.Select(WithCurrentName), added);

        string? TakeRestored(string name) =>
            restored.TryGetValue(name, out var names) && names.TryPop(out var currentName) ? currentName : null;

        void AddRestored(string name, string? currentName)
        {
            if (!restored.TryGetValue(name, out var names))
                restored.Add(name, names = []);
            names.Push(currentName);
        }

        RestoreStep WithCurrentName(RestoreStep step)
        {
            // The user may have been renamed after it was restored.
            var name = step.CurrentName ?? TakeRestored(step.Username);
            return step with { CurrentName = name is not null && current.Find(name) is not null ? name : null };
        }
    }

    private static IEnumerable<RestoreStep> InExecutableOrder(IEnumerable<RestoreStep> steps)
    {
        var waiting = steps.OrderBy(step => step.Username, NameOrder.Comparer).ToList();
        while (waiting.Count > 0)
        {
            var taken = waiting.Select(step => step.CurrentName).ToHashSet(StringComparer.Ordinal);
            var possible = waiting.ToLookup(
                step => step.Username == step.CurrentName || !taken.Contains(step.Username));
            // Users that swapped names cannot swap them back one by one: the first step will fail.
            var next = possible[true].DefaultIfEmpty(waiting[0]).ToArray();
            waiting = [.. waiting.Except(next)];
            foreach (var step in next)
                yield return step;
        }
    }
}
