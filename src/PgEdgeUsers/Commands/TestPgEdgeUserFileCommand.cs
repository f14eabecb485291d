using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Looks at a user file for all that can be wrong with it; writes nothing when all is well.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PgEdgeUserFile")]
[OutputType(typeof(PgEdgeUserFileFinding))]
public sealed class TestPgEdgeUserFileCommand : UserFileCommand
{
    /// <summary>The least severity to write: a warning unless given.</summary>
    [Parameter]
    public PgEdgeFindingSeverity MinimumSeverity { get; set; } = PgEdgeFindingSeverity.Warning;

    /// <summary>The user file. Not given: the one that the server uses on this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ScalarValue(Property = nameof(Path))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OnFile(() => Path ?? "", Locate) is not { } location)
            return;
        foreach (var finding in OnFile(() => location.Path, () => UserFileInspector.Inspect(location)) ?? [])
        {
            var written = new PgEdgeUserFileFinding(finding, location.Path);
            if (written.Severity >= MinimumSeverity)
                WriteObject(written);
        }
    }

    private UserFileLocation Locate() =>
        Path is null ? Files.Locate() : new UserFileLocation(Paths.Resolve(Path), "the parameter Path");
}
