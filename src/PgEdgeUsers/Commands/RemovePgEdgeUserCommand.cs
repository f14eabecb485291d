using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Removes users.</summary>
[Cmdlet(VerbsCommon.Remove, "PgEdgeUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemovePgEdgeUserCommand : UserChangeCommand
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

    private protected override string SessionAdvice =>
        "A running server ends the open session of a removed user when it reloads the user file. If it does not "
            + "watch this file, restart it; "
        + "otherwise a session lasts for up to 24 hours.";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override bool WritesUsers => false;

    private protected override void Check(OpenUserFile file, string name) =>
        Request(file, new RemoveUser(name), "Remove");
}
