using System.Globalization;
using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Services;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>
/// The base class of cmdlets that change users. The input is collected while the pipeline runs. When the pipeline ends,
/// each file is read once, every change is checked and confirmed, and each file is written once.
/// </summary>
public abstract class UserChangeCommand : UserFileCommand
{
    private const string Waiting = "Waiting for another change to finish";
    private const string Hashing = "Hashing passwords";

    /// <summary>With fewer passwords, the progress bar would disappear before it could be read.</summary>
    private const int PasswordsWorthProgress = 5;

    private readonly List<UserReference> _users = [];
    private string? _auditPath;
    private HistoryWriter? _history;

    /// <summary>
    /// Skips the verification for two seconds after the change that a running server has not overwritten it with an
    /// older state. Without this switch, if a server may be watching the file, an overwritten change is repeated.
    /// </summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Why the change is made: one line for the audit event.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SingleLine]
    public string Reason { get; set; } = "";

    /// <summary>The audit file. Default: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, otherwise next to the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <summary>Records nothing in the audit file.</summary>
    [Parameter]
    public SwitchParameter NoAudit { get; set; }

    /// <summary>
    /// Does not record the earlier states of the users, so that <c>Restore-PgEdgeUser</c> cannot bring them back.
    /// </summary>
    [Parameter]
    public SwitchParameter NoHistory { get; set; }

    /// <summary>
    /// What a running server does about open sessions of changed users, and what to do; null if the change does not
    /// affect sessions.
    /// </summary>
    private protected virtual string? SessionAdvice => null;

    /// <summary>The file for generated passwords; null if they are part of the output.</summary>
    private protected virtual string? Handout => null;

    /// <summary>Writes the history; null if none is kept.</summary>
    private protected virtual HistoryWriter? History() =>
        UserHistory.IsTurnedOff() ? null : new HistoryWriter { Reason = Reason, KeepsStates = !NoHistory };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _history = OrStop(History, target: null);
        _auditPath = OrStop(() => Paths.ResolveAuditFile(AuditPath), AuditPath);
        var handout = Handout is null ? null : OrStop(() => Paths.Resolve(Handout), Handout);
        if (System.IO.Path.Exists(handout))
            ThrowTerminatingError(Errors.HandoutExists(handout));
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        CheckAll();
        using var handout = CreateHandout();
        // All files are written before the first output or warning, because either may stop the pipeline.
        Output.HoldWarnings();
        var reports = new List<(OpenUserFile File, UserChangeReport Report)>();
        ErrorRecord? failure = null;
        foreach (var file in Files.All.Where(file => file.Requests.Count > 0))
        {
            failure = Commit(file, out var report);
            if (failure is not null)
                break;
            reports.Add((file, report!));
        }

        KeepHandout(handout, reports);
        foreach (var (file, report) in reports)
            Write(file, report);
        Output.ReleaseWarnings();
        if (failure is not null)
            ThrowTerminatingError(failure);
    }

    /// <summary>
    /// Whether changed users are written to the pipeline. Those with a generated password always are.
    /// </summary>
    private protected abstract bool WritesUsers { get; }

    /// <summary>The users to be changed, as they were given.</summary>
    private protected IReadOnlyList<UserReference> Users => _users;

    /// <summary>Collects users, which are changed when the pipeline ends.</summary>
    private protected void Collect(IEnumerable<UserReference> users) => _users.AddRange(users);

    /// <summary>
    /// Checks and confirms the changes for the collected input, and adds them to the requests of the files.
    /// </summary>
    private protected virtual void CheckAll()
    {
        foreach (var (file, name) in Resolve(_users, isReading: false))
            Check(file, name);
    }

    /// <summary>Checks and confirms the change of a collected user, and adds it to the requests of the file.</summary>
    private protected virtual void Check(OpenUserFile file, string name)
    {
    }

    /// <summary>
    /// Checks a change, asks for confirmation, and adds it to the requests of the file. A change without effect is
    /// neither confirmed nor reported by <c>-WhatIf</c>.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="change">The change, without a password.</param>
    /// <param name="action">The action as named in the confirmation.</param>
    /// <param name="password">Obtains the new password after the confirmation; null if the change sets none.</param>
    /// <param name="isGenerated">Whether the password is generated.</param>
    /// <param name="impact">The impact of the change, if it is lower than that of the cmdlet.</param>
    private protected void Request(
        OpenUserFile file,
        UserChange change,
        string action,
        Func<SecureString?>? password = null,
        bool isGenerated = false,
        ConfirmImpact? impact = null)
    {
        var name = change.Username;
        var outcome = file.Try(change);
        if (outcome.Failure is { } failure)
        {
            WriteError(failure.Kind == FailureKind.UserNotFound
                ? Errors.UserNotFound(name, file)
                : Errors.Record(failure, name));
            return;
        }

        if (!outcome.IsChanged && password is null)
        {
            if (Confirmation.IsWhatIf)
                Preview(file, change, outcome);
            else
                file.Requests.Add(new UserChangeRequest(change));
            return;
        }

        if (Confirmation.Asks($"User '{name}' in '{file.Path}'", action, name, impact))
        {
            var given = password?.Invoke();
            if (password is null || given is not null)
            {
                file.Requests.Add(new UserChangeRequest(change, given, isGenerated));
                return;
            }
        }
        else if (Confirmation.IsWhatIf)
        {
            Preview(file, change, outcome);
            return;
        }

        file.UndoLast();
    }

    /// <summary>The output for a request that did not fail; null for none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="request">The request.</param>
    /// <param name="result">The result.</param>
    /// <param name="isPreview">Whether it was only previewed, because of <c>-WhatIf</c>.</param>
    private protected virtual object? OutputOf(
        OpenUserFile file, UserChangeRequest request, UserChangeResult result, bool isPreview)
    {
        var handsOut = request.IsGenerated && Handout is null;
        if (result.Account is not { } account || !(WritesUsers || handsOut) || (isPreview && result.Before is null))
            return null;
        return UserOutput.Of(account, file, handsOut ? request.Password : null);
    }

    private void Preview(OpenUserFile file, UserChange change, UserChangeResult outcome)
    {
        if (OutputOf(file, new UserChangeRequest(change), outcome, isPreview: true) is { } output)
            WriteObject(output);
    }

    private PasswordHandout? CreateHandout()
    {
        var generated = Generated(Files.All.SelectMany(file => file.Requests));
        return Handout is null || generated.Length == 0
            ? null
            : OrStop(() => PasswordHandout.Create(Paths.Resolve(Handout), generated), Handout);
    }

    /// <summary>Keeps the handout if any of its passwords are in use, and removes the others from it.</summary>
    private void KeepHandout(PasswordHandout? handout, List<(OpenUserFile File, UserChangeReport Report)> reports)
    {
        if (handout is null)
            return;
        var used = Generated(reports.SelectMany(entry => entry.Report.Update.Results.Zip(entry.File.Requests))
            .Where(pair => pair.First.Failure is null)
            .Select(pair => pair.Second));
        if (used.Length == 0)
            return;
        handout.Keep();
        if (used.Length == Generated(Files.All.SelectMany(file => file.Requests)).Length)
            return;
        try
        {
            handout.Write(used);
        }
        catch (PgEdgeUsersException failure)
        {
            Output.Warn($"{failure.Message} The file also contains passwords of users who were not changed.");
        }
    }

    private static (string Username, SecureString Password)[] Generated(IEnumerable<UserChangeRequest> requests) =>
        [.. requests.Where(request => request.IsGenerated).Select(r => (r.Change.Username, r.Password!))];

    /// <summary>Makes the changes to a file. Returns a failure if none was made.</summary>
    private ErrorRecord? Commit(OpenUserFile file, out UserChangeReport? report)
    {
        report = null;
        var isWaiting = false;
        try
        {
            var audit = NoAudit ? null : AuditLog.For(new UserFile(file.Path), _auditPath);
            var userFile = new UserFile(file.Path)
            {
                NoWait = NoWait,
                History = _history is { } history ? history with { ReportsExternalChanges = audit is not null } : null,
                CreatesFolder = file.Location.MakesFolder,
                OnWait = holder =>
                {
                    isWaiting = true;
                    Output.Verbose($"The user file '{file.Path}' is being changed by {holder}. "
                        + "Waiting for it to finish.");
                    Output.Progress(Waiting, $"'{file.Path}' is being changed by {holder}.");
                },
            };
            var service = new UserChangeService(userFile, audit)
            {
                IsAllOrNothing = StopsOnError(),
                Reason = Reason,
                OnHashed = ShowPasswords(Hashing),
            };
            report = service.Apply(file.Requests, file.Snapshot, Stop);
        }
        catch (PgEdgeUsersException failure)
        {
            return Errors.Record(failure, file.Path);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            if (isWaiting)
                Output.Progress(Waiting, file.Path, isCompleted: true);
        }

        // If a refused request prevented all changes, it is the failure of the file.
        var refused = report.Update.Results.FirstOrDefault(result => result.Failure is not null);
        return StopsOnError() && refused is not null ? Errors.Record(refused.Failure!, refused.Change.Username) : null;
    }

    /// <summary>Shows the progress of hashing or comparing passwords.</summary>
    private protected Action<int, int> ShowPasswords(string activity)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        return (done, total) =>
        {
            if (total < PasswordsWorthProgress)
                return;
            var remaining = (int)(watch.Elapsed.TotalSeconds / done * (total - done));
            var status = string.Create(CultureInfo.InvariantCulture, $"{done} of {total}");
            Output.Progress(activity, status, 100 * done / total, remaining, isCompleted: done == total);
        };
    }

    private void Write(OpenUserFile file, UserChangeReport report)
    {
        Describe(file, report);
        foreach (var (result, request) in report.Update.Results.Zip(file.Requests))
        {
            if (result.Failure is { } failure)
                WriteError(Errors.Record(failure, request.Change.Username));
            else if (OutputOf(file, request, result, isPreview: false) is { } output)
                WriteObject(output);
        }
    }

    private void Describe(OpenUserFile file, UserChangeReport report)
    {
        var update = report.Update;
        Output.Verbose(string.Create(CultureInfo.InvariantCulture, $"Users changed in the user file '{file.Path}': "
            + $"{report.Changed.Count()}."));
        Output.Verbose(update.BytesWritten is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"Wrote {bytes} bytes while holding the lock "
                + $"'{update.LockPath}'.")
            : "Nothing was written, because nothing changed.");
        if (file.Snapshot.IsMountPoint && update.BytesWritten is not null)
        {
            Output.Verbose($"The user file '{file.Path}' is a mount point and was written in place, with a copy "
                + "of its old content next to it.");
        }

        foreach (var change in update.AccessChanges)
            Output.Warn(change.Message);
        if (!update.IsVerified)
            Output.Warn(Errors.MayBeOverwritten(file.Path));
        if (report.SessionFailure is { } sessionFailure)
            Output.Warn(sessionFailure.Message);
        if (report.AuditFailure is { } auditFailure)
            Output.Warn(auditFailure.Message);
        if (report.HasEndedSessions && report.MayServerRun && SessionAdvice is { } advice)
            Output.WarnOnce(advice);
    }

    private bool StopsOnError()
    {
        if (!MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action))
            action = SessionState.PSVariable.GetValue("ErrorActionPreference");
        // A preference variable that is local to a function contains the assigned text, not an enumeration value.
        return LanguagePrimitives.TryConvertTo<ActionPreference>(action, out var preference)
            && preference == ActionPreference.Stop;
    }
}
