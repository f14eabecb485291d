using System.Management.Automation;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the live sessions of a user file, without their tokens.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeSession")]
[OutputType(typeof(PgEdgeSession))]
public sealed class GetPgEdgeSessionCommand : UserFileCommand
{
    private readonly List<UserReference> _users = [];

    /// <summary>
    /// The users, by name or wildcard. Default: all. The name of a piped object is always literal; a piped file stands
    /// for all of its users.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation(AcceptsFiles = true)]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[]? Username { get; set; }

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
        foreach (var users in Resolve(_users, isReading: true).GroupBy(user => user.File, user => user.Name))
        {
            var file = users.Key;
            if (OnFile(() => file.Path, () => SessionsOf(file)) is not { } sessions)
                continue;
            foreach (var name in users.Where(name => file.Snapshot.Find(name) is null))
                WriteError(Errors.UserNotFound(name, file));
            foreach (var session in users.SelectMany(name => sessions[name]).OrderBy(session => session.IssuedAt))
            {
                WriteObject(new PgEdgeSession(
                    session.Id, session.Username, null, session.IssuedAt, session.ExpiresAt, file.Path, null));
            }
        }
    }

    private static ILookup<string, SessionRecord> SessionsOf(OpenUserFile file) =>
        new SessionStore(new UserFile(file.Path)).Read()
        .Where(session => SessionStore.Counts(session, file.Snapshot))
        .ToLookup(session => session.Username, StringComparer.Ordinal);
}
