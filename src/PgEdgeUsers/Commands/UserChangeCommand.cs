using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Sessions;

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

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var file in Files)
        {
            if (file.Changes.Count > 0)
                Commit(file);
        }
    }

    /// <summary>Tries a change in memory and reports why it cannot be made; else keeps it for the end.</summary>
    private protected void Enqueue(OpenUserFile file, PendingChange change)
    {
        var outcome = file.Preview.Apply(change.ToChange(null));
        if (outcome.Failure is { } failure)
            WriteError(Errors.Record(failure, change.Username));
        else
            file.Changes.Add(change);
    }

    /// <summary>What the audit file says of a change.</summary>
    private protected abstract IReadOnlyList<AuditEventKind> AuditEvents { get; }

    /// <summary>What a running server does about the users' open sessions, and what to do; null when the change does not concern sessions.</summary>
    private protected virtual string? SessionAdvice => null;

    /// <summary>Called for each user that was changed and is still there, with the user as the file holds it now.</summary>
    private protected abstract void Emit(PSObject user);

    /// <summary>Called before the first change to a file is made.</summary>
    private protected virtual void Prepare(OpenUserFile file)
    {
    }

    private void Commit(OpenUserFile file)
    {
        var hashes = Hash(file.Changes);
        var changes = file.Changes.Select((change, i) => change.ToChange(hashes[i])).ToArray();
        var allOrNothing = StopsOnError();
        var update = OnFile(file.Path, () =>
        {
            Prepare(file);
            return new UserFile(file.Path) { NoWait = NoWait }.Update(changes, file.Snapshot, allOrNothing, Stop);
        });
        // Where nothing was written because of one, the others did not happen either.
        if (allOrNothing && update.Results.FirstOrDefault(result => result.Failure is not null) is { Failure: { } first } refused)
        {
            WriteError(Errors.Record(first, refused.Change.Username));
            return;
        }

        WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{update.Results.Count(r => r.Failure is null)} of {update.Results.Count} changes are in the user file '{file.Path}'."));
        if (!update.IsSettled)
            WriteWarning($"A server kept writing older states over the user file '{file.Path}' while it was changed. Check with Get-PgEdgeUser that the change is there, and repeat it if not.");
        var done = update.Results.Where(result => result.Failure is null).Select(result => result.Change.Username).ToArray();
        Record(file.Path, done.SelectMany(name => AuditEvents.Select(e => AuditLog.Now(e, name, success: true, "", file.Path))));
        EndSessions(file.Path, done);
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
        if (generatedPassword is not null)
            user.Properties.Add(new PSNoteProperty("GeneratedPassword", generatedPassword));
        return user;
    }

    /// <summary>Ends the sessions of users whose change ends them; a server has sessions of its own, of which it is said what becomes.</summary>
    private void EndSessions(string path, string[] names)
    {
        if (SessionAdvice is null || names.Length == 0)
            return;
        var users = names.ToHashSet(StringComparer.Ordinal);
        try
        {
            var ended = new SessionStore(new UserFile(path)).End(session => users.Contains(session.Username), Stop);
            Record(path, ended.Select(session => AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, "account changed", path)));
        }
        catch (PgEdgeUsersException failure)
        {
            WriteWarning(failure.Message);
        }

        WriteWarning(SessionAdvice);
    }

    private bool StopsOnError()
    {
        if (!MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action))
            action = SessionState.PSVariable.GetValue("ErrorActionPreference");
        // A variable of a function's own holds the text that was assigned to it.
        return LanguagePrimitives.TryConvertTo<ActionPreference>(action, out var preference) && preference == ActionPreference.Stop;
    }

    /// <summary>Hashes on all cores while this thread, the only one that may, shows how far it is.</summary>
    private string?[] Hash(List<PendingChange> changes)
    {
        var hashes = new string?[changes.Count];
        var places = Enumerable.Range(0, changes.Count).Where(i => changes[i].Password is not null).ToArray();
        if (places.Length == 0)
            return hashes;
        using var done = new BlockingCollection<bool>();
        var passwords = places.Select(i => changes[i].Password!).ToArray();
        var hashing = HashAll(passwords, done);
        ShowProgress(done, places.Length);
        var hashed = OnFile(Path ?? "", hashing.GetAwaiter().GetResult);
        for (var i = 0; i < places.Length; i++)
            hashes[places[i]] = hashed[i];
        return hashes;
    }

    private Task<string[]> HashAll(SecureString[] passwords, BlockingCollection<bool> done) => Task.Run(async () =>
    {
        try
        {
            return await PasswordHash.CreateAllAsync(passwords, () => done.Add(true), Stop).ConfigureAwait(false);
        }
        finally
        {
            done.CompleteAdding();
        }
    });

    private void ShowProgress(BlockingCollection<bool> done, int count)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var progress = new ProgressRecord(0, "Hashing passwords", $"0 of {count}");
        var hashed = 0;
        foreach (var _ in done.GetConsumingEnumerable())
        {
            hashed++;
            progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{hashed} of {count}");
            progress.PercentComplete = 100 * hashed / count;
            progress.SecondsRemaining = (int)(watch.Elapsed.TotalSeconds / hashed * (count - hashed));
            if (count > 4)
                WriteProgress(progress);
        }

        progress.RecordType = ProgressRecordType.Completed;
        if (count > 4)
            WriteProgress(progress);
    }
}
