using System.Management.Automation;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the live sessions of a user file, without their tokens.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeSession")]
[OutputType(typeof(PgEdgeSession))]
public sealed class GetPgEdgeSessionCommand : UserFileCommand
{
    /// <summary>The users, by name or wildcard. Not given: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [PipedName(OfFile = "*")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Username { get; set; } = ["*"];

    private readonly Dictionary<string, ((UserFileSnapshot, DateTime) State, ILookup<string, SessionRecord> Sessions)> _sessions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void ProcessRecord() => OnInput(() =>
    {
        foreach (var users in OpenUsers(Username).GroupBy(user => user.File, user => user.Name))
            Write(users.Key, users);
    });

    private void Write(OpenUserFile file, IEnumerable<string> names)
    {
        var sessions = SessionsOf(file);
        foreach (var name in names.Where(name => file.Snapshot.Find(name) is null))
            WriteError(Errors.Record(ChangeSet.NotFound(name), name));
        foreach (var session in names.SelectMany(name => sessions[name]).OrderBy(session => session.IssuedAt))
            WriteObject(new PgEdgeSession(session.Id, session.Username, null, session.IssuedAt, session.ExpiresAt, file.Path, null));
    }

    /// <summary>The sessions of a file that count, by user; read again where sessions or users have changed.</summary>
    private ILookup<string, SessionRecord> SessionsOf(OpenUserFile file)
    {
        var store = new SessionStore(new UserFile(file.Path));
        var state = (file.Snapshot, store.LastWritten);
        if (_sessions.TryGetValue(file.Path, out var known) && known.State == state)
            return known.Sessions;
        var sessions = OnFile(file.Path, store.Read)
            .Where(session => SessionStore.Counts(session, file.Snapshot))
            .ToLookup(session => session.Username, StringComparer.Ordinal);
        _sessions[file.Path] = (state, sessions);
        return sessions;
    }
}
