using System.Management.Automation;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the record of what was done to accounts and of sign-ins, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeAuditEvent")]
[OutputType(typeof(PgEdgeAuditEvent))]
public sealed class GetPgEdgeAuditEventCommand : UserFileCommand
{
    private readonly Dictionary<string, IReadOnlyList<AuditEvent>> _events = new(StringComparer.Ordinal);
    private string? _saidWhyNone;

    /// <summary>The users, by name or wildcard. Not given: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [PipedName(OfFile = "*")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public string[] Username { get; set; } = ["*"];

    /// <summary>The kinds of events. Not given: all.</summary>
    [Parameter]
    [ValidateSet("UserAdded", "UserRemoved", "PasswordSet", "AnnotationSet", "UserEnabled", "UserDisabled", "SignIn", "Lockout", "SessionEnded", "FileRepaired")]
    public string[] Event { get; set; } = [];

    /// <summary>Only events at or after this time, local unless it says otherwise.</summary>
    [Parameter]
    public DateTime After { get; set; } = DateTime.MinValue;

    /// <summary>Only events before this time, local unless it says otherwise.</summary>
    [Parameter]
    public DateTime Before { get; set; } = DateTime.MaxValue;

    /// <summary>The audit file. Not given: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, else beside the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OnInput(() =>
    {
        foreach (var names in Username.Select(PipedNameAttribute.NameAndFile).GroupBy(user => Locate(user.File).Path, user => user.Name, StringComparer.Ordinal))
            Write(names.Key, new NameFilter(names));
    });

    private void Write(string path, NameFilter names)
    {
        var (after, before) = (After.ToUniversalTime(), Before.ToUniversalTime());
        foreach (var e in EventsOf(path).Where(e => e.Time >= after && e.Time < before && names.Matches(e.User)).Select(e => new PgEdgeAuditEvent(e)))
        {
            if (Event.Length == 0 || Event.Contains(e.Event, StringComparer.OrdinalIgnoreCase))
                WriteObject(e);
        }
    }

    /// <summary>All events of a user file; read once for all input.</summary>
    private IReadOnlyList<AuditEvent> EventsOf(string path)
    {
        if (_events.TryGetValue(path, out var events))
            return events;
        var asked = AuditPath is null ? null : ResolveFile(AuditPath);
        var log = OnFile(path, () => AuditLog.For(new UserFile(path), asked));
        events = log is null ? [] : OnFile(path, log.Read);
        if (events.Count == 0)
            SayWhyNone(log);
        _events.Add(path, events);
        return events;
    }

    /// <summary>Says that there is no audit file, once for each: no events could be taken for nothing having happened.</summary>
    private void SayWhyNone(AuditLog? log)
    {
        var why = log is null ? $"Nothing is recorded: $env:{AuditLog.Variable} is 'off'. Name an audit file that there is with -AuditPath."
            : File.Exists(log.Path) ? null
            : $"There is no audit file '{log.Path}': nothing has been recorded there.";
        if (why is not null && why != _saidWhyNone)
            WriteWarning(_saidWhyNone = why);
    }
}
