using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Files;

namespace PgEdgeUsers.Commands;

/// <summary>Tells which user file is used, why, and what is known of it.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeUserFile")]
[OutputType(typeof(PgEdgeUserFile))]
public sealed class GetPgEdgeUserFileCommand : UserFileCommand
{
    /// <summary>The user file. Not given: the one that the server uses on this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(UserFilePathCompleter))]
    [ScalarValue(IsPath = true)]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var location = Locate();
        var file = new UserFile(location.Path);
        try
        {
            var snapshot = file.Read();
            WriteObject(new PgEdgeUserFile(location.Path, location.Reason, snapshot.Exists, snapshot.Users.Count, snapshot.ModeText, snapshot.Owner));
        }
        catch (PgEdgeUsersException e) when (e.Kind is FailureKind.UserFileInvalid or FailureKind.UserFileAccessDenied)
        {
            WriteWarning(e.Message);
            var (mode, owner) = file.ModeAndOwner();
            WriteObject(new PgEdgeUserFile(location.Path, location.Reason, exists: true, users: null, mode, owner));
        }
        catch (PgEdgeUsersException e)
        {
            ThrowTerminatingError(Errors.Record(e, location.Path));
        }
    }
}
