using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>
/// Repairs those findings of Test-PgEdgeUserFile that do not need a decision. A copy of the original file is kept.
/// </summary>
[Cmdlet(VerbsDiagnostic.Repair, "PgEdgeUserFile", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUserFileFinding))]
public sealed class RepairPgEdgeUserFileCommand : UserFileCommand
{
    /// <summary>The user file. Default: the one that the server uses on this machine.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ScalarValue(Property = nameof(Path))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <summary>Why the file is repaired: one line for the audit events.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SingleLine]
    public string Reason { get; set; } = "";

    /// <summary>The audit file. Default: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, otherwise next to the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <summary>Records nothing in the audit file.</summary>
    [Parameter]
    public SwitchParameter NoAudit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OnFile(() => Path ?? "", LocateFile) is { } location)
            OnFile(() => location.Path, () => Repair(location));
    }

    private void Repair(UserFileLocation location)
    {
        var repairable = UserFileRepair.Find(location).Count;
        var action = repairable == 1 ? "Repair 1 finding" : $"Repair {repairable} findings";
        if (repairable == 0 || !Confirmation.Asks($"User file '{location.Path}'", action, location.Path))
            return;
        var repaired = UserFileRepair.Repair(location, Stop);
        Record(location.Path, repaired.Findings);
        if (repaired.Copy is { } copy)
            Output.Verbose($"A copy of the original file is in '{copy}'.");
        foreach (var change in repaired.AccessChanges)
            Output.Warn(change.Message);
        if (!repaired.IsVerified)
            Output.Warn(Errors.MayBeOverwritten(location.Path));
        foreach (var finding in repaired.Findings)
            WriteObject(new PgEdgeUserFileFinding(finding, location.Path));
    }

    private void Record(string path, IEnumerable<Finding> repaired)
    {
        if (NoAudit)
            return;
        try
        {
            AuditLog.For(new UserFile(path), Paths.ResolveAuditFile(AuditPath))
                ?.Append([.. repaired.Select(finding => EventOf(finding, path))]);
        }
        catch (PgEdgeUsersException failure)
        {
            Output.Warn(failure.Message);
        }
    }

    private AuditEvent EventOf(Finding finding, string path) =>
        AuditLog.Now(AuditEventKind.FileRepaired, finding.Username ?? "", success: true, finding.Kind.ToString(), path)
            .WithReason(Reason);
}
