using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Copies whole accounts, with their password hashes, to another user file.</summary>
[Cmdlet(VerbsCommon.Copy, "PgEdgeUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PgEdgeUser))]
public sealed class CopyPgEdgeUserCommand : UserChangeCommand
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

    /// <summary>The user file that the users are copied to. It is created if it does not exist.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>What to do with a user whose name is taken in the destination.</summary>
    [Parameter]
    public PgEdgeConflictAction OnConflict { get; set; }

    /// <summary>Writes the copies.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesUsers => PassThru;

    private protected override string SessionAdvice =>
        "A running server keeps the open sessions of replaced users for up to 24 hours, unless the new user "
            + "is disabled. Restart the server to end them.";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override void CheckAll()
    {
        var users = Resolve(Users, isReading: false).ToArray();
        if (users.Length == 0)
            return;
        var location = OrStop(
            () => new UserFileLocation(Paths.Resolve(Destination), "the parameter Destination"), Destination);
        var target = TargetOf(location.Path);
        if (users.Any(user => TargetOf(user.File.Path) == target))
            ThrowTerminatingError(Errors.DestinationIsSource(location.Path));
        var destination = OrStop(() => Files.Open(location, mustExist: false), location.Path);
        foreach (var (source, name) in users)
            Copy(source, name, destination);
    }

    private void Copy(OpenUserFile source, string name, OpenUserFile destination)
    {
        if (source.Snapshot.Find(name) is not { } account)
        {
            WriteError(Errors.UserNotFound(name, source));
            return;
        }

        var existing = destination.Preview.FindAlike(name);
        if (existing is not null && OnConflict == PgEdgeConflictAction.Skip)
            Output.Verbose($"The user '{name}' is not copied, because '{existing}' exists in '{destination.Path}'.");
        var change = new CopyUser(account, source.Path, (NameConflict)OnConflict)
        {
            CopiedPassword = new CopiedPassword(source.History.PasswordLastSet(account)),
        };
        Request(
            destination,
            change,
            $"{(existing is null ? "Copy" : "Overwrite")} from '{source.Path}'",
            impact: existing is null ? ConfirmImpact.Medium : ConfirmImpact.High);
    }

    private string TargetOf(string path) => OrStop(new UserFile(path).FollowLinks, path);
}
