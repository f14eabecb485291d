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

    private protected override string SessionAdvice =>
        "A running server refuses a disabled user's calls, but keeps an open session up to 24 hours: enabling the user within that time revives it. Restart the server to end it.";

    private protected override UserChange Preview(string username) =>
        new UpdateUser(username, account => account with { Enabled = false });

    private protected override PendingChange Change(string username) => new(username, null, _ => Preview(username));

    private protected override void Emit(PSObject user)
    {
        if (PassThru)
            WriteObject(user);
    }
}
