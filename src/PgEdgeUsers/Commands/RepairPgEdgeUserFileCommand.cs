using System.Management.Automation;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Mends what Test-PgEdgeUserFile finds and can be mended without a decision. A text that is changed is kept as a copy.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "PgEdgeUserFile", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUserFileFinding))]
public sealed class RepairPgEdgeUserFileCommand : AuditedCommand
{
    /// <summary>The user file. Not given: the one that the server uses on this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ScalarValue(Property = nameof(Path))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OnInput(() =>
    {
        var location = Locate();
        var repairable = OnFile(location.Path, () => UserFileRepair.Find(location)).Count;
        if (repairable == 0 || !Confirms($"User file '{location.Path}'", repairable == 1 ? "Mend 1 finding" : $"Mend {repairable} findings", location.Path))
            return;
        var repaired = OnFile(location.Path, () => UserFileRepair.Repair(location, Stop));
        Record(location.Path, repaired.Mended.Select(f => AuditLog.Now(AuditEventKind.FileRepaired, f.Username ?? "", success: true, f.Kind.ToString(), location.Path)));
        if (repaired.Copy is { } copy)
            WriteVerbose($"The file as it was is in '{copy}'.");
        WarnUnless(repaired.IsVerified, location.Path);
        foreach (var finding in repaired.Mended)
            WriteObject(new PgEdgeUserFileFinding(finding, location.Path));
    });
}
