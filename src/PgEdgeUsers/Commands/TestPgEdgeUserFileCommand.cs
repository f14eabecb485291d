using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>
/// Tests a user file: true if there is no finding of severity Warning or Error, false for a missing or unreadable file.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "PgEdgeUserFile")]
[OutputType(typeof(bool), typeof(PgEdgeUserFileFinding))]
public sealed class TestPgEdgeUserFileCommand : UserFileCommand
{
    /// <summary>Returns the findings instead of a boolean.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>The minimum severity of the findings to return. Default: Warning. Implies -Detailed.</summary>
    [Parameter]
    public PgEdgeFindingSeverity MinimumSeverity { get; set; } = PgEdgeFindingSeverity.Warning;

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
        var findings = UserFileInspector.Inspect(location)
            .Select(finding => new PgEdgeUserFileFinding(finding, location.Path));
        if (Detailed || MyInvocation.BoundParameters.ContainsKey(nameof(MinimumSeverity)))
            WriteObject(findings.Where(finding => finding.Severity >= MinimumSeverity), enumerateCollection: true);
        else
            WriteObject(findings.All(finding => finding.Severity < PgEdgeFindingSeverity.Warning));
    }
}
