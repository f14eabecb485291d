using System.Management.Automation;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Commands;

/// <summary>Removes users, after asking.</summary>
[Cmdlet(VerbsCommon.Remove, "PgEdgeUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemovePgEdgeUserCommand : ExistingUserCommand
{
    private protected override string Action => "Remove";

    private protected override PendingChange Change(string username) => new(username, null, _ => new RemoveUser(username));

    private protected override void Emit(PgEdgeUser? user)
    {
    }
}
