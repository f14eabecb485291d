using System.Management.Automation;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Services;
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

    /// <summary>
    /// Also deletes the history of the users, so that they cannot be restored. Users that were already removed are
    /// purged by name.
    /// </summary>
    [Parameter]
    public SwitchParameter Purge { get; set; }

    private protected override string SessionAdvice =>
        "A running server ends the open session of a removed user when it reloads the user file. If it does not "
            + "watch this file, restart it; otherwise a session lasts for up to 24 hours.";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Collect(Username);

    private protected override bool WritesUsers => false;

    private protected override HistoryWriter? History() => Purge ? new HistoryWriter() : base.History();

    private protected override void Check(OpenUserFile file, string name)
    {
        if (!Purge)
            Request(file, new RemoveUser(name), "Remove");
        else if (file.Snapshot.Find(name) is not null)
            Request(file, new PurgeUser(name), "Remove with its history");
        else if (!file.History.Records.Any(record => record.Usernames.Contains(name)))
            WriteError(Errors.UserNotFound(name, file));
        else if (Confirmation.Asks($"User '{name}' in '{file.Path}'", "Delete the history", name))
            file.Requests.Add(new UserChangeRequest(new PurgeUser(name)));
    }
}
