using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Removes users, after asking.</summary>
[Cmdlet(VerbsCommon.Remove, "PgEdgeUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemovePgEdgeUserCommand : ExistingUserCommand
{
    private protected override string Action => "Remove";

    private protected override string SessionAdvice =>
        "A running server ends a removed user's open session when it reloads the user file. Where it does not watch this file, restart it; otherwise a session lasts up to 24 hours.";

    private protected override UserChange Preview(string username) => new RemoveUser(username);

    private protected override PendingChange Change(string username) => new(username, null, _ => Preview(username));
}
