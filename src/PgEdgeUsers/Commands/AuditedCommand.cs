using System.Management.Automation;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>What the cmdlets share whose doings are recorded.</summary>
public abstract class AuditedCommand : UserFileCommand
{
    private string? _auditFile;

    /// <summary>The audit file. Not given: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, else beside the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <summary>Records nothing.</summary>
    [Parameter]
    public SwitchParameter NoAudit { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Before anything is done that could then not be recorded where it was to be.
        _auditFile = AuditPath is null ? null : ResolveFile(AuditPath);
    }

    /// <summary>Asks whether to go on where confirmation is wanted. Where nobody answers, nothing is changed.</summary>
    /// <param name="what">What would be changed, as the question names it.</param>
    /// <param name="action">What would be done to it.</param>
    /// <param name="target">The name or path of it, for the error.</param>
    private protected bool Confirms(string what, string action, string target)
    {
        try
        {
            return ShouldProcess(VisibleText.Of(what), action);
        }
        catch (Exception e) when (Unattended.IsMeantBy(e))
        {
            ThrowTerminatingError(Errors.ConfirmationRequired(target, e));
            throw;
        }
    }

    /// <summary>Warns that a change may not stay, unless it is sure to.</summary>
    private protected void WarnUnless(bool isSettled, string path)
    {
        if (!isSettled)
            WriteWarning($"It is not sure that the change to the user file '{path}' stays: something else wrote to the file meanwhile. Check that the change is there, and repeat it if not.");
    }

    /// <summary>Records events. That it fails is said and changes nothing else.</summary>
    /// <param name="userFile">The user file; null for a server.</param>
    /// <param name="events">The events.</param>
    private protected void Record(string? userFile, params IEnumerable<AuditEvent> events)
    {
        if (NoAudit)
            return;
        try
        {
            AuditLog.For(userFile is null ? null : new UserFile(userFile), _auditFile)?.Append([.. events]);
        }
        catch (PgEdgeUsersException failure)
        {
            WriteWarning(failure.Message);
        }
    }
}
