using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the user file that is used, the reason, and its status.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeUserFile")]
[OutputType(typeof(PgEdgeUserFile))]
public sealed class GetPgEdgeUserFileCommand : UserFileCommand
{
    /// <summary>The user file. Default: the one that the server uses on this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ScalarValue(Property = nameof(Path))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OnFile(() => Path ?? "", LocateFile) is not { } location)
            return;
        if (OnFile(() => location.Path, () => Describe(location)) is { } file)
            WriteObject(file);
    }

    private PgEdgeUserFile Describe(UserFileLocation location)
    {
        var file = new UserFile(location.Path);
        try
        {
            var snapshot = file.Read();
            return new PgEdgeUserFile(
                location.Path,
                location.Reason,
                snapshot.Exists,
                snapshot.Users.Count,
                snapshot.ModeText,
                snapshot.Owner);
        }
        catch (PgEdgeUsersException e) when (e.Kind is FailureKind.UserFileInvalid or FailureKind.UserFileAccessDenied)
        {
            Output.Warn(e.Message);
            // If not even the mode can be read, the folder does not allow this account to see whether the file exists.
            var (mode, owner) = file.ModeAndOwner();
            return new PgEdgeUserFile(
                location.Path, location.Reason, exists: mode.Length > 0 ? true : null, users: null, mode, owner);
        }
    }
}
