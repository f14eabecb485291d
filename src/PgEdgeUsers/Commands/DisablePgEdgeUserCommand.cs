using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Keeps users from signing in.</summary>
[Cmdlet(VerbsLifecycle.Disable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class DisablePgEdgeUserCommand : PassThruUserCommand
{
    private protected override string Action => "Disable";

    private protected override string SessionAdvice =>
        "A running server refuses a disabled user's calls, but keeps an open session up to 24 hours: enabling the user within that time revives it. Restart the server to end it.";

    private protected override UserChange Preview(string username) =>
        new UpdateUser(username, account => account with { Enabled = false });

    private protected override PendingChange Change(string username) => new(username, null, _ => Preview(username));
}
