using System.Management.Automation;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;

namespace PgEdgeUsers.Commands;

/// <summary>Brings back removed users, or returns users to an earlier state.</summary>
[Cmdlet(VerbsData.Restore, "PgEdgeUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PgEdgeUser))]
public sealed class RestorePgEdgeUserCommand : UserChangeCommand
{
    private readonly Dictionary<OpenUserFile, RestorePlan> _plans = [];

    /// <summary>
    /// The users, by their former name or by wildcard. Names match exactly, wildcards ignore case. The name of a piped
    /// object is always literal.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation]
    [ArgumentCompleter(typeof(RestorableNameCompleter))]
    [SupportsWildcards]
    public UserReference[] Username { get; set; } = [];

    /// <summary>
    /// Returns the users to their state at this time. A time without a zone is local. Default: removed users are
    /// restored to their state when they were removed.
    /// </summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>With <see cref="Before"/>, also restores the earlier passwords.</summary>
    [Parameter]
    public SwitchParameter IncludePassword { get; set; }

    /// <summary>Writes the restored users to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string SessionAdvice =>
        "A running server refuses the calls of a user who was disabled, but keeps the open session for up to 24 hours. "
            + "To end it, restart the server.";

    private protected override bool WritesUsers => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override HistoryWriter? History() =>
        base.History() is { } history ? history with { IsRestore = true } : null;

    private protected override void CheckAll()
    {
        foreach (var user in Users)
        {
            if (user.Problem is { } problem)
                WriteError(Errors.InvalidObject(problem, user.Source));
            else
                Restore(OpenOrStop(user), user);
        }
    }

    private void Restore(OpenUserFile file, UserReference user)
    {
        var plan = PlanOf(file);
        var names = plan.Steps.Select(step => step.Username).ToHashSet(StringComparer.Ordinal);
        var currentNames = plan.Steps.Select(step => step.CurrentName).ToHashSet(StringComparer.Ordinal);
        var pattern = NameFilter.PatternOf(user, name => names.Contains(name) || currentNames.Contains(name));
        if (pattern is null && !names.Contains(user.Name) && !currentNames.Contains(user.Name))
        {
            if (Before is null || file.Snapshot.Find(user.Name) is null)
                WriteError(Errors.NothingToRestore(user.Name, file, Before is not null));
            else
                WarnOfAdded(plan, name => name == user.Name);
            return;
        }

        // Either name selects a renamed user, unless another user had that name at the time.
        bool IsWanted(string name) => pattern?.IsMatch(name) ?? name == user.Name;
        var steps = plan.Steps.Where(step => IsWanted(step.Username)
            || (step.CurrentName is { } name && IsWanted(name) && (pattern is not null || !names.Contains(name))));
        foreach (var step in steps)
            Request(file, step.ToChange(IncludePassword || Before is null), Action(step));
        WarnOfAdded(plan, IsWanted);
    }

    private void WarnOfAdded(RestorePlan plan, Func<string, bool> isWanted)
    {
        var added = plan.AddedSince.Where(isWanted).Order(NameOrder.Comparer).ToArray();
        if (added.Length > 0)
            Output.Warn($"These users were added after that time and are kept: {string.Join(", ", added)}.");
    }

    private static string Action(RestoreStep step) =>
        step.CurrentName is null ? "Bring back" : "Return to an earlier state";

    private RestorePlan PlanOf(OpenUserFile file)
    {
        if (!_plans.TryGetValue(file, out var plan))
        {
            plan = Before is { } time
                ? RestorePlan.At(time.ToUniversalTime(), file.History, file.Snapshot)
                : RestorePlan.OfRemoved(file.History, file.Snapshot);
            _plans.Add(file, plan);
            if (Before?.ToUniversalTime() < file.History.Since)
                Output.Warn(Errors.HistoryBeginsLater(file));
        }

        return plan;
    }
}
