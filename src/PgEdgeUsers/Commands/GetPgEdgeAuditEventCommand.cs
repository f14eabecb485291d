using System.Management.Automation;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the recorded changes of accounts and sign-ins, oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeAuditEvent")]
[OutputType(typeof(PgEdgeAuditEvent))]
public sealed class GetPgEdgeAuditEventCommand : UserFileCommand
{
    private readonly List<UserReference> _users = [];

    /// <summary>
    /// The users, by name or wildcard. Default: all. The name of a piped object is always literal; a piped file stands
    /// for all of its users. Removed users have events, too.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation(AcceptsFiles = true)]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[]? Username { get; set; }

    /// <summary>The kinds of events. Default: all.</summary>
    [Parameter]
    [ValidateSet(
        "UserAdded", "UserRemoved", "UserReplaced", "UserRenamed", "PasswordSet", "AnnotationSet",
        "UserEnabled", "UserDisabled",
        "ExternalChange", "SignIn", "Lockout", "SessionEnded", "FileRepaired")]
    public string[] Event { get; set; } = [];

    /// <summary>Only events at or after this time. A time without a zone is local.</summary>
    [Parameter]
    public DateTime After { get; set; } = DateTime.MinValue;

    /// <summary>Only events before this time. A time without a zone is local.</summary>
    [Parameter]
    public DateTime Before { get; set; } = DateTime.MaxValue;

    /// <summary>The audit file. Default: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, otherwise next to the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Username is not null)
            _users.AddRange(Username);
        else if (!MyInvocation.ExpectingInput)
            _users.Add(UserReference.Everyone());
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var audit = OrStop(() => Paths.ResolveAuditFile(AuditPath), AuditPath);
        foreach (var users in ByFile())
        {
            var hasServers = users.Any(user => user.Path is null);
            if (OnFile(() => users.Key, () => EventsOf(users.Key, audit, hasServers)) is { } events)
                Write(events, [.. users]);
        }
    }

    /// <summary>
    /// Groups the users by file after following symbolic links, so that no file's events are returned twice.
    /// </summary>
    private IEnumerable<IGrouping<string, UserReference>> ByFile()
    {
        var located = new List<(string Path, UserReference User)>();
        foreach (var user in _users)
        {
            if (user.Problem is { } problem)
                WriteError(Errors.InvalidObject(problem, user.Source));
            else if (OnFile(() => user.Path ?? "", () => Locate(user)) is { } path)
                located.Add((path, user));
        }

        return located.GroupBy(entry => entry.Path, entry => entry.User, StringComparer.Ordinal);
    }

    private string Locate(UserReference user) => new UserFile(Files.Locate(user).Path).FollowLinks();

    private void Write(IReadOnlyList<AuditEvent> events, UserReference[] users)
    {
        var (after, before) = (After.ToUniversalTime(), Before.ToUniversalTime());
        var filter = NameFilter.Of(users, events.Select(e => e.User));
        foreach (var e in events.Where(e => e.Time >= after && e.Time < before && filter.Matches(e.User)))
        {
            if (Event.Length == 0 || Event.Contains($"{e.Event}", StringComparer.OrdinalIgnoreCase))
                WriteObject(new PgEdgeAuditEvent(e));
        }
    }

    /// <summary>The events of a user file and, unless only objects with a file were piped, of servers.</summary>
    private IReadOnlyList<AuditEvent> EventsOf(string path, string? auditPath, bool hasServers)
    {
        var file = new UserFile(path);
        var log = AuditLog.For(file, auditPath);
        if (log is null || !System.IO.Path.Exists(log.Path))
        {
            Output.WarnOnce(log is null
                ? $"Nothing is recorded, because $env:{AuditLog.Variable} is 'off'. Specify an audit file with "
                    + "-AuditPath."
                : $"The audit file '{log.Path}' does not exist: nothing has been recorded there.");
            return [];
        }

        return log.ReadOf(file, hasServers);
    }
}
