using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

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

    private readonly Dictionary<string, List<Wanted>> _wanted = new(StringComparer.Ordinal);

    /// <summary>A session of New-PgEdgeSession or Get-PgEdgeSession, or one that came back from another process; or a user or a user's name, whose sessions all end.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BySession, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    public PSObject? Session { get; set; }

    /// <summary>The token of the session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByToken)]
    [SecureValue]
    public SecureString? Token { get; set; }

    /// <summary>The ids of the sessions.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>The users whose sessions are to end, by name or wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByUser)]
    [Alias("Name", "User")]
    [PipedName]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public string[] Username { get; set; } = [];

    /// <summary>Ends the sessions of all users.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAll)]
    public SwitchParameter All { get; set; }

    /// <summary>The user file. Not given: that of the session, else the one that the server uses on this machine.</summary>
    [Parameter]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            // A text that is no user's name may be a token, and is not to be repeated.
            case BySession when Session!.BaseObject is string name && IsUser(null, name):
                AddUser(null, name);
                break;
            case BySession:
                Add(SessionReference.From(Session!));
                break;
            case ByToken:
                Add(SessionReference.Of(Token));
                break;
            case ById:
                foreach (var id in Id)
                    Add(new SessionReference { Id = id });
                break;
            case ByUser:
                foreach (var (name, file) in Username.Select(PipedNameAttribute.NameAndFile))
                    AddUser(file, name);
                break;
            default:
                Add(null, _ => true, null, "All sessions of all users");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var (path, wanted) in _wanted)
        {
            var ended = OnFile(path, () => new SessionStore(new UserFile(path)).End(session => wanted.FindAll(w => w.IsMetBy(session)).Count > 0, Stop));
            Record(path, ended.Select(session => AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, "log-out", path)));
            foreach (var missing in wanted.Where(w => !w.IsMet))
            {
                if (missing.WhenMissing is { } failure)
                    WriteError(Errors.Record(failure, missing.Target));
            }
        }
    }

    private void Add(SessionReference asked)
    {
        if (asked.Uri is not null)
            Forget(asked);
        else if (asked.Id is { } id)
            Add(asked.Path, session => session.Id == id, NoSuchSession($" '{VisibleText.BeginningOf(id)}'"), $"Session {VisibleText.Of(id)}", id);
        else if (asked.Token is { } token)
            AddFound(asked.Path, OnFile("", () => new SessionStore(new UserFile(Locate(asked.Path).Path)).Find(token)));
        else if (asked.Username is { } name)
            AddUser(asked.Path, name);
        else
            WriteError(Errors.NotASession());
    }

    private void AddFound(string? userFile, SessionRecord? found) =>
        Add(userFile, session => session.Id == found?.Id, NoSuchSession(""), "The session of the token");

    private void AddUser(string? userFile, string name)
    {
        var filter = new NameFilter([name]);
        // A name that is no user's is mostly a slip, and its sessions would go on.
        var isKnown = WildcardPattern.ContainsWildcardCharacters(name) || IsUser(userFile, name);
        Add(
            userFile,
            session => filter.Matches(session.Username),
            isKnown ? null : new PgEdgeUsersException(FailureKind.UserNotFound, $"There is no user '{VisibleText.Of(name)}' and no session of one. Names match exactly; Get-PgEdgeSession lists the sessions."),
            $"All sessions of user '{VisibleText.Of(name)}'",
            name);
    }

    private bool IsUser(string? userFile, string name) => OpenFile(mustExist: true, userFile).Snapshot.Find(name) is not null;

    private void Add(string? userFile, Func<SessionRecord, bool> which, PgEdgeUsersException? whenMissing, string what, string? target = null)
    {
        var location = Locate(userFile);
        var path = location.Path;
        if (!File.Exists(path))
            ThrowTerminatingError(Errors.Record(NotFound(location), path));
        if (!Confirms($"{what} in '{path}'", "End", what))
            return;
        if (!_wanted.TryGetValue(path, out var wanted))
            _wanted.Add(path, wanted = []);
        wanted.Add(new Wanted(which, whenMissing, target));
    }

    private static PgEdgeUsersException NoSuchSession(string id) => new(
        FailureKind.SessionNotFound, $"There is no such session{id}: it has ended, expired, or is of another user file. Get-PgEdgeSession lists those that are live.");

    private void Forget(SessionReference asked)
    {
        if (!Confirms($"Session at {asked.Where}", "Forget", asked.Where))
            return;
        asked.Token?.Dispose();
        WriteWarning($"The session is forgotten here, but {asked.Where} keeps it until it expires or the user signs in again: the server has no log-out.");
    }

    /// <summary>Sessions that are to end when the pipeline does, all in one writing of their file.</summary>
    private sealed class Wanted(Func<SessionRecord, bool> which, PgEdgeUsersException? whenMissing, string? target)
    {
        public PgEdgeUsersException? WhenMissing => whenMissing;

        public string? Target => target;

        public bool IsMet { get; private set; }

        public bool IsMetBy(SessionRecord session)
        {
            var isMet = which(session);
            IsMet |= isMet;
            return isMet;
        }
    }
}
