using System.Management.Automation;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Commands;

/// <summary>Keeps users from signing in.</summary>
[Cmdlet(VerbsLifecycle.Disable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class DisablePgEdgeUserCommand : ExistingUserCommand
{
    /// <summary>Writes the changed users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => "Disable";

    private protected override PendingChange Change(string username) =>
        new(username, null, _ => new UpdateUser(username, account => account with { Enabled = false }));

    private protected override void Emit(PgEdgeUser? user)
    {
        if (PassThru)
            WriteObject(user);
    }
}
