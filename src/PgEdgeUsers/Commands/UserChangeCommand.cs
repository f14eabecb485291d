using System.Globalization;
using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>
/// What the cmdlets share that change users: changes are tried and reported as their input comes, and made in one
/// replacement of each file when the pipeline ends. An error that stops the pipeline leaves the files as they were.
/// </summary>
public abstract class UserChangeCommand : AuditedCommand
{
    /// <summary>
    /// Does not look again after the change whether a running server wrote an older state over it. Without this switch, and where
    /// a server may be watching the file, the cmdlet looks for two seconds and makes the change again if need be.
    /// </summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The property of the output that has a password that was made here.</summary>
    private protected const string GeneratedPassword = "GeneratedPassword";

    private const string Waiting = "Waiting for another change to end";

    private bool _haveSessionsEnded;
    private bool _showsWait;

    /// <summary>Whether <c>-WhatIf</c> is given, or set for the session: then changes are made in the preview alone, for those after them to see.</summary>
    private protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All files before the first output or warning: either may stop the pipeline there.
        HoldWarnings();
        var updates = new List<(OpenUserFile File, UserFileUpdate Update)>();
        ErrorRecord? failure = null;
        foreach (var file in Files.Where(file => file.Changes.Count > 0))
        {
            failure = Commit(file, out var update);
            if (failure is not null)
                break;
            updates.Add((file, update!));
        }

        foreach (var (file, update) in updates)
            Report(file, update);
        ReleaseWarnings();
        if (_haveSessionsEnded && SessionAdvice is { } advice)
            WriteWarning(advice);
        if (failure is not null)
            ThrowTerminatingError(failure);
    }

    /// <summary>Asks whether to go on with a change of a user where confirmation is wanted.</summary>
    private protected bool Confirms(OpenUserFile file, string username, string action) =>
        Confirms($"User '{VisibleText.Of(username)}' in '{file.Path}'", action, username);

    /// <summary>A new password that the policy accepts: made here, given, or asked for; null after having reported why there is none.</summary>
    private protected SecureString? NewPassword(string username, bool isGenerated, SecureString? given)
    {
        var policy = OnFile("", PasswordPolicy.FromEnvironment);
        var password = isGenerated ? PasswordGenerator.Create(policy.MinLength) : given ?? PasswordPrompt.Ask(this, username);
        return password is null ? null : this.Accept(password, username, policy);
    }

    /// <summary>Tries a change in memory and reports why it cannot be made; else keeps it for the end.</summary>
    private protected void Enqueue(OpenUserFile file, PendingChange change)
    {
        var outcome = file.Try(change.ToChange(null));
        if (outcome.Failure is { } failure)
            WriteError(Errors.Record(failure, change.Username));
        else
            file.Changes.Add(change);
    }

    /// <summary>What a running server does about the users' open sessions, and what to do; null when the change does not concern sessions.</summary>
    private protected virtual string? SessionAdvice => null;

    /// <summary>Called for each user that was changed and is still there, with the user as the file holds it now.</summary>
    private protected virtual void Emit(PSObject user) => WriteObject(user);

    /// <summary>Called before the first change to a file is made.</summary>
    private protected virtual void Prepare(OpenUserFile file)
    {
    }

    /// <summary>Makes the changes to a file, records them, and gives what came of each; or gives the failure for which none was made.</summary>
    private ErrorRecord? Commit(OpenUserFile file, out UserFileUpdate? update)
    {
        update = null;
        var allOrNothing = StopsOnError();
        try
        {
            var hashes = new PasswordHashing(this).HashAll(file.Changes.Select(change => change.Password).ToArray(), Stop);
            var changes = file.Changes.Select((change, i) => change.ToChange(hashes[i])).ToArray();
            Prepare(file);
            update = new UserFile(file.Path) { NoWait = NoWait, CreatesFolder = file.Location.MakesFolder, OnWait = holder => ShowWait(file.Path, holder) }.Update(changes, file.Snapshot, allOrNothing, Stop);
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
            if (_showsWait)
                WriteProgress(new ProgressRecord(0, Waiting, file.Path) { RecordType = ProgressRecordType.Completed });
            _showsWait = false;
        }

        // Where nothing was written because of one, the others did not happen either.
        if (allOrNothing && update.Results.FirstOrDefault(result => result.Failure is not null) is { Failure: { } first } refused)
            return Errors.Record(first, refused.Change.Username);

        // First, since after Ctrl+C nothing more can be said.
        var made = update.Results.Where(result => result.IsChanged).ToArray();
        Record(file.Path, made.SelectMany(WhatHappened).Select(e => AuditLog.Now(e.Kind, e.User, success: true, e.Reason, file.Path)));
        if (SessionAdvice is not null && made.Length > 0)
        {
            var names = made.Select(result => result.Change.Username).ToHashSet(StringComparer.Ordinal);
            EndSessions(file.Path, session => names.Contains(session.Username));
            _haveSessionsEnded = true;
        }

        WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"Users changed in the user file '{file.Path}': {made.Length}."));
        WriteVerbose(update.BytesWritten is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"The file was written under the lock of '{update.LockPath}' and has {bytes} bytes now.")
            : $"Nothing was written: under the lock of '{update.LockPath}', all was so already.");
        WarnUnless(update.IsVerified, file.Path);
        if (file.Snapshot.IsMountPoint)
            WriteVerbose($"The user file '{file.Path}' is a mount point, cannot be replaced, and was written in place; a copy of its old content stood by.");
        return null;
    }

    private void ShowWait(string path, string holder)
    {
        WriteVerbose($"The user file '{path}' is being changed by {holder}. Waiting for it to finish.");
        WriteProgress(new ProgressRecord(0, Waiting, $"'{VisibleText.Of(path)}' is being changed by {holder}."));
        _showsWait = true;
    }

    /// <summary>What a change did to an account, as the audit file has it.</summary>
    private static IEnumerable<(AuditEventKind Kind, string User, string Reason)> WhatHappened(UserChangeResult result)
    {
        var (name, before, after) = (result.Change.Username, result.Before, result.Account);
        if (before is null || after is null)
        {
            yield return (before is null ? AuditEventKind.UserAdded : AuditEventKind.UserRemoved, name, "");
            yield break;
        }

        if (after.PasswordHash != before.PasswordHash)
            yield return (AuditEventKind.PasswordSet, name, "");
        if (after.Annotation != before.Annotation)
            yield return (AuditEventKind.AnnotationSet, name, "");
        if (after.Enabled != before.Enabled)
            yield return (after.Enabled ? AuditEventKind.UserEnabled : AuditEventKind.UserDisabled, name, "");
        else if (after.FailedAttempts != before.FailedAttempts)
            yield return (AuditEventKind.UserEnabled, name, "was enabled; failed attempts forgotten");
    }

    private void Report(OpenUserFile file, UserFileUpdate update)
    {
        foreach (var (result, change) in update.Results.Zip(file.Changes))
        {
            if (result.Failure is { } failure)
                WriteError(Errors.Record(failure, change.Username));
            else if (result.Account is { } account)
                Emit(Output(account, file, change.IsGenerated ? change.Password : null));
        }
    }

    /// <summary>A user as output; a password that was made here goes with it, this once.</summary>
    private protected static PSObject Output(UserAccount account, OpenUserFile file, SecureString? generatedPassword = null)
    {
        var user = new PSObject(new PgEdgeUser(account, file.Path));
        if (generatedPassword is null)
            return user;
        user.Properties.Add(new PSNoteProperty(GeneratedPassword, generatedPassword));
        // Has a view of its own, in which the password is seen to be there.
        user.TypeNames.Insert(0, $"{typeof(PgEdgeUser).FullName}#{GeneratedPassword}");
        return user;
    }

    /// <summary>Ends sessions whose accounts were changed. A server has sessions of its own, of which it is said what becomes.</summary>
    private protected void EndSessions(string path, Func<SessionRecord, bool> which)
    {
        try
        {
            var ended = new SessionStore(new UserFile(path)).End(which, CancellationToken.None);
            Record(path, ended.Select(session => AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, "account changed", path)));
        }
        catch (PgEdgeUsersException failure)
        {
            WriteWarning(failure.Message);
        }
    }

    private bool StopsOnError()
    {
        if (!MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action))
            action = SessionState.PSVariable.GetValue("ErrorActionPreference");
        // A variable of a function's own holds the text that was assigned to it.
        return LanguagePrimitives.TryConvertTo<ActionPreference>(action, out var preference) && preference == ActionPreference.Stop;
    }
}
