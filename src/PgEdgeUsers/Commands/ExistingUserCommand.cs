using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>What the cmdlets share that change users who exist: which users, and asking before each.</summary>
public abstract class ExistingUserCommand : UserChangeCommand
{
    /// <summary>The users, by name or wildcard. Names match exactly, wildcards without regard to case.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [PipedName]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Username { get; set; } = [];

    /// <summary>What is done to a user, as confirmation and <c>-WhatIf</c> name it.</summary>
    private protected abstract string Action { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (file, name) in OpenUsers(Username).Where(user => user.File.Choose(user.Name)))
        {
            if (file.Snapshot.Find(name) is null)
                WriteError(Errors.Record(ChangeSet.NotFound(name), name));
            else if (Confirms(file, name, Action))
                EnqueueChange(file, name);
            else if (IsWhatIf)
                Show(file, name);
        }
    }

    private void Show(OpenUserFile file, string name)
    {
        var outcome = file.Try(Preview(name));
        if (outcome.Failure is { } failure)
            WriteError(Errors.Record(failure, name));
        else if (outcome.Account is { } account)
            Emit(Output(account, file));
    }

    private void EnqueueChange(OpenUserFile file, string name)
    {
        if (Change(name) is { } change)
            Enqueue(file, change);
    }

    /// <summary>The change as <c>-WhatIf -PassThru</c> shows it, for which no one is asked anything.</summary>
    private protected abstract UserChange Preview(string username);

    /// <summary>The change to make; null when there is none, which has been reported.</summary>
    private protected abstract PendingChange? Change(string username);
}
