using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Ends sessions (log-out).</summary>
[Cmdlet(VerbsCommon.Remove, "PgEdgeSession", DefaultParameterSetName = BySession, SupportsShouldProcess = true)]
public sealed class RemovePgEdgeSessionCommand : UserFileCommand
{
    private const string BySession = "Session";
    private const string ByToken = "Token";
    private const string ById = "Id";
    private const string ByUser = "User";
    private const string ByAll = "All";

    private readonly Dictionary<string, List<Wanted>> _wanted = new(StringComparer.Ordinal);

    /// <summary>
    /// A session from New-PgEdgeSession or Get-PgEdgeSession, also a deserialized one; or a user or user name, to end
    /// all sessions of that user.
    /// </summary>
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
    [UserReferenceTransformation]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[] Username { get; set; } = [];

    /// <summary>Ends the sessions of all users.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAll)]
    public SwitchParameter All { get; set; }

    /// <summary>
    /// The user file. Default: that of the session, otherwise the one that the server uses on this machine.
    /// </summary>
    [Parameter]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <summary>Why the sessions are ended: one line for the audit events.</summary>
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
        switch (ParameterSetName)
        {
            case BySession:
                AddObject(Session!);
                break;
            case ByToken:
                Add(SessionReference.Of(Token));
                break;
            case ById:
                foreach (var id in Id)
                    Add(new SessionReference { Id = id });
                break;
            case ByUser:
                foreach (var user in Username)
                    AddUser(user);
                break;
            default:
                Add(Locate(null), new Wanted(_ => true, null), "All sessions of all users");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var (path, wanted) in _wanted)
        {
            var file = new UserFile(path);
            var ended = OrStop(() =>
                new SessionStore(file).End(session => wanted.FindAll(w => w.IsMetBy(session)).Count > 0, Stop), path);
            Record(file, ended);
            foreach (var error in wanted.Where(w => !w.IsMet).Select(w => w.WhenMissing).OfType<ErrorRecord>())
                WriteError(error);
        }
    }

    private void Record(UserFile file, IReadOnlyList<SessionRecord> ended)
    {
        if (NoAudit)
            return;
        try
        {
            AuditLog.For(file, Paths.ResolveAuditFile(AuditPath))?.Append(
                [.. ended.Select(session => EventOf(session, file.Path))]);
        }
        catch (PgEdgeUsersException failure)
        {
            Output.Warn(failure.Message);
        }
    }

    private AuditEvent EventOf(SessionRecord session, string path) =>
        AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, "log-out", path).WithReason(Reason);

    /// <summary>
    /// Adds a session, token, user, or user name. A text that is not a user name may be a token, so it is not repeated
    /// in an error.
    /// </summary>
    private void AddObject(PSObject value)
    {
        var reference = SessionReference.From(value);
        if (value.BaseObject is string name)
        {
            if (IsUser(new UserReference(name, isLiteral: true)))
                AddUser(new UserReference(name, isLiteral: true));
            else
                WriteError(Errors.NotASession());
        }
        else if (reference.IsSession)
        {
            Add(reference);
        }
        else if (UserReferenceTransformationAttribute.TryOfObject(value) is { } user)
        {
            AddUser(user);
        }
        else
        {
            WriteError(Errors.NotASession());
        }
    }

    private void Add(SessionReference session)
    {
        if (session.Uri is not null)
        {
            Forget(session);
        }
        else if (session.Id is { } id)
        {
            Add(Locate(session.User), new Wanted(found => found.Id == id, Errors.SessionNotFound(id)),
                $"Session {VisibleText.Of(id)}");
        }
        else if (session.Token is { } token)
        {
            AddFound(session.User,
                OrStop(() => new SessionStore(new UserFile(Locate(session.User))).Find(token), null));
        }
        else
        {
            WriteError(Errors.NotASession());
        }
    }

    private void AddFound(UserReference? user, SessionRecord? found) =>
        Add(Locate(user), new Wanted(session => session.Id == found?.Id, Errors.SessionNotFound(null)),
            "The session of the token");

    private void AddUser(UserReference user)
    {
        if (user.Problem is { } problem)
        {
            WriteError(Errors.InvalidObject(problem, user.Source));
            return;
        }

        var filter = user.IsLiteral ? null : new NameFilter([user.Name]);
        // An unknown name is usually misspelled. Without an error, the intended sessions would continue unnoticed.
        var isKnown = (filter is not null && WildcardPattern.ContainsWildcardCharacters(user.Name)) || IsUser(user);
        Add(
            Locate(user),
            new Wanted(
                session => filter?.Matches(session.Username) ?? session.Username == user.Name,
                isKnown ? null : Errors.UserNotFound(user.Name, OpenOrStop(user))),
            $"All sessions of user '{VisibleText.Of(user.Name)}'");
    }

    private bool IsUser(UserReference user) => OpenOrStop(user).Snapshot.Find(user.Name) is not null;

    private string Locate(UserReference? user) => OrStop(() => Files.Locate(user), null).Path;

    private void Add(string path, Wanted wanted, string what)
    {
        if (!File.Exists(path))
        {
            ThrowTerminatingError(
                Errors.Record(OpenUserFiles.NotFound(OrStop(() => Files.Locate(), null) with { Path = path }), path));
        }

        if (!Confirmation.Asks($"{what} in '{path}'", "End", what))
            return;
        if (!_wanted.TryGetValue(path, out var list))
            _wanted.Add(path, list = []);
        list.Add(wanted);
    }

    private void Forget(SessionReference session)
    {
        if (!Confirmation.Asks($"Session on {session.Where}", "Forget", session.Where))
            return;
        session.Token?.Dispose();
        Output.Warn($"The token was deleted here, but {session.Where} keeps it until it expires or the user "
            + "signs in again, because the server has no log-out.");
    }

    /// <summary>Selects sessions to end when the pipeline ends, in a single write of their file.</summary>
    private sealed class Wanted(Func<SessionRecord, bool> isWanted, ErrorRecord? whenMissing)
    {
        public ErrorRecord? WhenMissing => whenMissing;

        public bool IsMet { get; private set; }

        public bool IsMetBy(SessionRecord session)
        {
            var isMet = isWanted(session);
            IsMet |= isMet;
            return isMet;
        }
    }
}
