using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Sessions;

namespace PgEdgeUsers.Commands;

/// <summary>Ends sessions: log-out.</summary>
[Cmdlet(VerbsCommon.Remove, "PgEdgeSession", DefaultParameterSetName = BySession, SupportsShouldProcess = true)]
public sealed class RemovePgEdgeSessionCommand : AuditedCommand
{
    private const string BySession = "Session";
    private const string ByToken = "Token";
    private const string ById = "Id";
    private const string ByUser = "User";
    private const string ByAll = "All";

    /// <summary>A session of New-PgEdgeSession or Get-PgEdgeSession, or one that came back from another process.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BySession, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public PSObject? Session { get; set; }

    /// <summary>The token of the session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByToken)]
    [SecureValue]
    public SecureString? Token { get; set; }

    /// <summary>The ids of the sessions.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The users whose sessions are to end, by exact name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByUser)]
    [Alias("Name", "User")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public string[] Username { get; set; } = [];

    /// <summary>Ends the sessions of all users.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAll)]
    public SwitchParameter All { get; set; }

    /// <summary>The user file. Not given: that of the session, else the one that the server uses on this machine.</summary>
    [Parameter]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(UserFilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case BySession:
                Remove(SessionReference.From(Session!));
                break;
            case ByToken:
                Remove(new SessionReference(null, Token, null, Path));
                break;
            case ById:
                foreach (var id in Id)
                    Remove(new SessionReference(id, null, null, Path));
                break;
            case ByUser:
                foreach (var name in Username)
                    Remove(null, session => session.Username == name, $"All sessions of user '{VisibleText.Of(name)}'");
                break;
            default:
                Remove(null, _ => true, "All sessions of all users");
                break;
        }
    }

    private void Remove(SessionReference asked)
    {
        if (asked.Uri is { } server)
        {
            if (ShouldProcess($"Session at {server.Authority}", "Forget"))
            {
                asked.Token?.Dispose();
                WriteWarning($"The session is forgotten here, but {server.Authority} keeps it until it expires or the user signs in again: the server has no log-out.");
            }

            return;
        }

        if (asked is { Token: null, Id: null })
        {
            WriteError(Errors.NotASession(Session));
            return;
        }

        var hash = asked.Token is null ? null : Convert.ToBase64String(SessionToken.Hash(asked.Token));
        if (!Remove(asked.Path, session => asked.Id is null ? session.TokenHash == hash : session.Id == asked.Id, asked.Id is null ? "The session of the token" : $"Session {asked.Id}"))
        {
            WriteError(Errors.Record(
                new PgEdgeUsersException(FailureKind.SessionNotFound, "There is no such session: it has ended, expired, or is of another user file."), asked.Id));
        }
    }

    /// <returns>False when there was no such session.</returns>
    private bool Remove(string? userFile, Func<SessionRecord, bool> which, string what)
    {
        var path = Locate(userFile).Path;
        if (!ShouldProcess($"{what} in '{path}'", "End"))
            return true;
        var ended = OnFile(path, () => new SessionStore(new UserFile(path)).End(which, Stop));
        Record(path, ended.Select(session => AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, "log-out", path)));
        return ended.Count > 0;
    }
}
