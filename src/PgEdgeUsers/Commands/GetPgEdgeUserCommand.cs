using System.Management.Automation;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets users, in name order.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeUser")]
[OutputType(typeof(PgEdgeUser))]
public sealed class GetPgEdgeUserCommand : UserFileCommand
{
    /// <summary>The users, by name or wildcard. Not given: all. Names match exactly, wildcards without regard to case.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [PipedName(OfFile = "*")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Username { get; set; } = ["*"];

    /// <summary>Only users with this status.</summary>
    [Parameter]
    public PgEdgeUserStatus? Status { get; set; }

    /// <summary>Only users whose last sign-in, or creation where there was none, is at least this long ago.</summary>
    [Parameter]
    [TimeSpanValue]
    public TimeSpan? InactiveFor { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OnInput(() =>
    {
        foreach (var (file, name) in OpenUsers(Username))
        {
            if (file.Snapshot.Find(name) is not { } account)
                WriteError(Errors.Record(ChangeSet.NotFound(name), name));
            else if (IsWanted(account))
                WriteObject(new PgEdgeUser(account, file.Path));
        }
    });

    private bool IsWanted(UserAccount account)
    {
        if (Status is { } status && account.Enabled != (status == PgEdgeUserStatus.Enabled))
            return false;
        return InactiveFor is not { } span || DateTime.UtcNow - (account.LastLogin ?? account.CreatedAt ?? DateTime.MinValue) >= span;
    }
}
