using System.Management.Automation;

namespace PgEdgeUsers.Commands;

/// <summary>What the cmdlets share that change users who exist: which users, asking before each, and output on request.</summary>
public abstract class ExistingUserCommand : UserChangeCommand
{
    /// <summary>The users, by name or wildcard. Names match exactly, wildcards without regard to case.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [ScalarValue]
    [ValidateNotNullOrEmpty]
    public string[] Username { get; set; } = [];

    /// <summary>What is done to a user, as confirmation and <c>-WhatIf</c> name it.</summary>
    private protected abstract string Action { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = OpenFile(mustExist: true);
        foreach (var name in Username.SelectMany(file.Choose))
        {
            if (file.Snapshot.Find(name) is null)
                Enqueue(file, new PendingChange(name, null, _ => new Core.Document.UpdateUser(name, account => account)));
            else if (Confirms(file, name, Action) && Change(name) is { } change)
                Enqueue(file, change);
        }
    }

    /// <summary>The change to make; null when there is none, which has been reported.</summary>
    private protected abstract PendingChange? Change(string username);
}
