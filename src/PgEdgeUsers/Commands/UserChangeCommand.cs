using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers.Commands;

/// <summary>
/// What the cmdlets share that change users: changes are tried and reported as their input comes, and made in one
/// replacement of each file when the pipeline ends. An error that stops the pipeline leaves the files as they were.
/// </summary>
public abstract class UserChangeCommand : UserFileCommand
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var file in Files)
        {
            if (file.Changes.Count > 0)
                Commit(file);
        }
    }

    /// <summary>Asks whether to go on where confirmation is wanted. Where nobody answers, nothing is changed.</summary>
    private protected bool Confirms(OpenUserFile file, string username, string action)
    {
        try
        {
            return ShouldProcess($"User '{VisibleText.Of(username)}' in '{file.Path}'", action);
        }
        // The last is what PowerShell's own console throws at the end of its input.
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException or NullReferenceException)
        {
            ThrowTerminatingError(Errors.ConfirmationRequired(username, e));
            throw;
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

    /// <summary>Called for each user that was changed, with the user as the file holds it now; null when removed.</summary>
    private protected abstract void Emit(PgEdgeUser? user);

    /// <summary>Called before the first change to a file is made.</summary>
    private protected virtual void Prepare(OpenUserFile file)
    {
    }

    private void Commit(OpenUserFile file)
    {
        var hashes = Hash(file.Changes);
        var changes = file.Changes.Select((change, i) => change.ToChange(hashes[i])).ToArray();
        var allOrNothing = StopsOnError();
        var results = OnFile(file.Path, () =>
        {
            Prepare(file);
            return file.File.Update(changes, file.Snapshot, allOrNothing, Stop);
        });
        // Nothing was written then, so that the others did not happen either.
        if (allOrNothing && results.Any(r => r.Failure is not null))
            results = [.. results.Where(r => r.Failure is not null)];
        else
            WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{results.Count(r => r.Failure is null)} of {results.Count} changes are in the user file '{file.Path}'."));
        foreach (var result in results)
        {
            if (result.Failure is { } failure)
                WriteError(Errors.Record(failure, result.Change.Username));
            else
                Emit(result.Account is null ? null : new PgEdgeUser(result.Account, file.Path));
        }
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
