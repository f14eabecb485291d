using System.Management.Automation;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Commands;

/// <summary>Lets users sign in again.</summary>
[Cmdlet(VerbsLifecycle.Enable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class EnablePgEdgeUserCommand : ExistingUserCommand
{
    /// <summary>Writes the changed users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => "Enable";

    // An account that was locked starts to count anew; else the next slip would lock it again.
    private protected override PendingChange Change(string username) =>
        new(username, null, _ => new UpdateUser(username, account => account with { Enabled = true, FailedAttempts = 0 }));

    private protected override void Emit(PgEdgeUser? user)
    {
        if (PassThru)
            WriteObject(user);
    }
}
