using System.Management.Automation;

namespace PgEdgeUsers.Commands;

/// <summary>What the cmdlets share that leave the users whom they change in the file: output on request.</summary>
public abstract class PassThruUserCommand : ExistingUserCommand
{
    /// <summary>Writes the changed users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // A password that was made here is nowhere else.
    private protected override void Emit(PSObject user)
    {
        if (PassThru || user.Properties[GeneratedPassword] is not null)
            WriteObject(user);
    }
}
