using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Keeps users from signing in.</summary>
[Cmdlet(VerbsLifecycle.Disable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class DisablePgEdgeUserCommand : UserChangeCommand
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

    /// <summary>Writes the disabled users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string SessionAdvice =>
        "A running server refuses the calls of a disabled user, but keeps the open session for up to 24 hours, and "
            + "enabling the user within that time revives it. To end it, restart the server.";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override bool WritesUsers => PassThru;

    private protected override void Check(OpenUserFile file, string name) =>
        Request(file, new UpdateUser(name, account => account with { Enabled = false }), "Disable");
}
