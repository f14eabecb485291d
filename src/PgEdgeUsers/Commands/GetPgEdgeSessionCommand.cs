using System.Management.Automation;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Sessions;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the live sessions of a user file, without their tokens.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeSession")]
[OutputType(typeof(PgEdgeSession))]
public sealed class GetPgEdgeSessionCommand : UserFileCommand
{
    /// <summary>The users, by name or wildcard. Not given: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Username { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = OpenFile(mustExist: true);
        var patterns = Username.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var session in OnFile(file.Path, new SessionStore(new UserFile(file.Path)).Read))
        {
            if (SessionStore.Counts(session, file.Snapshot) && Array.Exists(patterns, pattern => pattern.IsMatch(session.Username)))
                WriteObject(new PgEdgeSession(session.Id, session.Username, null, session.IssuedAt, session.ExpiresAt, file.Path, null));
        }
    }
}
