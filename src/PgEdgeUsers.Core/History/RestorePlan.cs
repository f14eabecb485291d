using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>How one user returns to an earlier state.</summary>
/// <param name="Earlier">The state to return to.</param>
/// <param name="CurrentName">The name that the user has now; null if the user was removed.</param>
/// <param name="LastHash">
/// The password hash that a removed user had last; it is kept unless an older one is asked for.
/// </param>
public sealed record RestoreStep(UserAccount Earlier, string? CurrentName, string LastHash)
{
    /// <summary>The name that the user had.</summary>
    public string Username => Earlier.Name;

    /// <summary>
    /// The changes that return the user to the earlier state. Newer sign-ins and failed attempts stay.
    /// </summary>
    /// <param name="includesPassword">Whether the password returns to what it was, too.</param>
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

    /// <summary>The name: the generated text would show hashes.</summary>
    public override string ToString() => VisibleText.Of(Username);

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other : one;
}

/// <summary>Finds the earlier states of users in their history.</summary>
public sealed class RestorePlan
{
    private RestorePlan(IEnumerable<RestoreStep> steps, IReadOnlyList<string> addedSince) =>
        (Steps, AddedSince) = ([.. InPossibleOrder(steps)], addedSince);

    /// <summary>
    /// The users that can return to another state, by the names that they had. A user gets its earlier name after the
    /// user that has it now has returned to another.
    /// </summary>
    public IReadOnlyList<RestoreStep> Steps { get; }

    /// <summary>The current names of users that did not exist at the time.</summary>
    public IReadOnlyList<string> AddedSince { get; }

    /// <summary>The users that were removed and are not there, as they were when they were removed last.</summary>
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
    /// The states of the users at a time, found by undoing the newer records one by one: the first record of that time
    /// or later, and all that were written after it, whatever the clock said.
    /// </summary>
    public static RestorePlan At(DateTime time, UserHistory history, UserFileSnapshot current)
    {
        // By the name that the user has at the point that the undoing has come to.
        var users = new Dictionary<string, RestoreStep>(StringComparer.Ordinal);
        // The current names of users that were brought back after a removal that is still to be undone; of several by
        // one name, the one that was removed last was brought back first.
        var broughtBack = new Dictionary<string, Stack<string?>>(StringComparer.Ordinal);
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
                currentName = BroughtBack(record.Username);
            }

            if (record.Before is { } before)
                users[before.Name] = new RestoreStep(before, currentName, lastHash);
            else if (record.Event == HistoryEvent.Restored)
                AddBroughtBack(record.Username, currentName);
            else if (currentName is not null && current.Find(currentName) is not null)
                added.Add(currentName);
        }

        return new RestorePlan(users.Values.Select(WithCurrentName), added);

        string? BroughtBack(string name) =>
            broughtBack.TryGetValue(name, out var names) && names.TryPop(out var currentName) ? currentName : null;

        void AddBroughtBack(string name, string? currentName)
        {
            if (!broughtBack.TryGetValue(name, out var names))
                broughtBack.Add(name, names = []);
            names.Push(currentName);
        }

        RestoreStep WithCurrentName(RestoreStep step)
        {
            // It may have been brought back under another name than the one under which it was removed.
            var name = step.CurrentName ?? BroughtBack(step.Username);
            return step with { CurrentName = name is not null && current.Find(name) is not null ? name : null };
        }
    }

    private static IEnumerable<RestoreStep> InPossibleOrder(IEnumerable<RestoreStep> steps)
    {
        var waiting = steps.OrderBy(step => step.Username, NameOrder.Comparer).ToList();
        while (waiting.Count > 0)
        {
            var taken = waiting.Select(step => step.CurrentName).ToHashSet(StringComparer.Ordinal);
            var possible = waiting.ToLookup(
                step => step.Username == step.CurrentName || !taken.Contains(step.Username));
            // Names that were exchanged cannot be exchanged back one by one: the first step will fail.
            var next = possible[true].DefaultIfEmpty(waiting[0]).ToArray();
            waiting = [.. waiting.Except(next)];
            foreach (var step in next)
                yield return step;
        }
    }
}
