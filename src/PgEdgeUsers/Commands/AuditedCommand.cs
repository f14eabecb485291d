using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Files;

namespace PgEdgeUsers.Commands;

/// <summary>What the cmdlets share whose doings are recorded.</summary>
public abstract class AuditedCommand : UserFileCommand
{
    /// <summary>The audit file. Not given: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, else beside the user file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <summary>Records nothing.</summary>
    [Parameter]
    public SwitchParameter NoAudit { get; set; }

    /// <summary>Records events. That it fails is said and changes nothing else.</summary>
    /// <param name="userFile">The user file; null for a server.</param>
    /// <param name="events">The events.</param>
    private protected void Record(string? userFile, IEnumerable<AuditEvent> events)
    {
        if (NoAudit)
            return;
        try
        {
            var asked = AuditPath is null ? null : GetUnresolvedProviderPathFromPSPath(AuditPath);
            AuditLog.For(userFile is null ? null : new UserFile(userFile), asked)?.Append(events);
        }
        catch (PgEdgeUsersException failure)
        {
            WriteWarning(failure.Message);
        }
    }
}
