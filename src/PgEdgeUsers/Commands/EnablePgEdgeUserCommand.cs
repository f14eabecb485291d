using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Lets users sign in again.</summary>
[Cmdlet(VerbsLifecycle.Enable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class EnablePgEdgeUserCommand : UserChangeCommand
{
    /// <summary>
    /// The users, by name or wildcard. Names match exactly, wildcards ignore case. The name of a piped object is always
    /// literal.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[] Username { get; set; } = [];

    /// <summary>Writes the enabled users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override bool WritesUsers => PassThru;

    // The failed attempts are cleared: otherwise the next wrong password would lock the account again.
    private protected override void Check(OpenUserFile file, string name) =>
        Request(file, new UpdateUser(name, account => account with { Enabled = true, FailedAttempts = 0 }), "Enable");
}
