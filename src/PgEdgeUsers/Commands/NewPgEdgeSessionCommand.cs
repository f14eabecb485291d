using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Signs a user in, against the user file or at a running server, and gives the session.</summary>
[Cmdlet(VerbsCommon.New, "PgEdgeSession", DefaultParameterSetName = FileCredential, SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeSession))]
public sealed class NewPgEdgeSessionCommand : AuditedCommand
{
    private const string FileCredential = "FileCredential";
    private const string FileUsername = "FileUsername";
    private const string ServerCredential = "ServerCredential";
    private const string ServerUsername = "ServerUsername";

    /// <summary>The name and password to sign in with. Not given: they are asked for.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FileCredential, ValueFromPipeline = true)]
    [Parameter(Position = 0, ParameterSetName = ServerCredential, ValueFromPipeline = true)]
    [ScalarValue]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The user who signs in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileUsername, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = ServerUsername, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [PipedName]
    public string Username { get; set; } = "";

    /// <summary>The user's password. Not given: it is asked for, hidden.</summary>
    [Parameter(ParameterSetName = FileUsername, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerUsername, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    [ValidateNotNull]
    public SecureString? Password { get; set; }

    /// <summary>The number of failed attempts that disables an account; 0 for no limit. Not given: as the server is set.</summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxFailedAttempts { get; set; }

    /// <summary>How many sessions the user may have at once, this one counted; the oldest end for it. 10 unless given.</summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [ValidateRange(1, int.MaxValue)]
    public int MaxSessions { get; set; } = SessionStore.DefaultMaxSessions;

    /// <summary>How long the session lasts: 24 hours unless given.</summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [TimeSpanValue]
    [ValidateLifetime]
    public TimeSpan Lifetime { get; set; } = SessionToken.Lifetime;

    /// <summary>A running server to sign in at, such as <c>https://mcp.example.com:8080</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerCredential, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = ServerUsername, ValueFromPipelineByPropertyName = true)]
    public Uri? Uri { get; set; }

    /// <summary>Trusts any certificate. For tests.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Allows plain HTTP to another machine, where the password can be read on the way.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>How long to wait for the server's answer, in seconds: 30 unless given.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Uri is not null && Path is not null)
            ThrowTerminatingError(Errors.PathWithUri());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Credential is { UserName: null or "" })
        {
            WriteError(Errors.Record(new PgEdgeUsersException(FailureKind.InvalidUsername, "The credential is empty: it names no user."), target: null));
            return;
        }

        // Empty where it is still to be asked for.
        var (name, file) = PipedNameAttribute.NameAndFile(Credential?.UserName ?? Username);
        var password = Credential?.Password ?? Password;
        if (SecureValueAttribute.IsRefused(password))
        {
            WriteError(Errors.PlainTextPassword(name));
            return;
        }

        try
        {
            if ((Uri is null ? SignInLocally(file, name, password) : SignInAt(Uri, name, password)) is { } session)
                WriteObject(session);
        }
        catch (PgEdgeUsersException failure) when (failure.Kind is FailureKind.UserFileInvalid or FailureKind.UserFileLocked
            or FailureKind.UserFileAccessDenied or FailureKind.UserFileWriteFailed or FailureKind.SessionFileInvalid or FailureKind.InvalidConfiguration)
        {
            ThrowTerminatingError(Errors.Record(failure, Path));
        }
        catch (PgEdgeUsersException failure)
        {
            WriteError(Errors.Record(failure, name));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Asks for the password, and for the name where it is empty: only now, when it is clear where they go. Null after having reported that nobody answers.</summary>
    private SecureString? Ask(ref string name, string where)
    {
        if (PasswordPrompt.AskToSignIn(this, name, where) is not { } credential)
            return null;
        name = credential.UserName ?? "";
        return credential.Password;
    }

    /// <inheritdoc/>
    /// <remarks>Sign-in reads the file again before it records anything. No wait for other writers is to come on top of the bcrypt.</remarks>
    private protected override UserFileSnapshot Read(UserFile file) => file.ReadUnsynchronized();

    private PgEdgeSession? SignInLocally(string? path, string name, SecureString? given)
    {
        var file = OpenFile(mustExist: true, path);
        if (!Confirms($"User '{name}' in '{file.Path}'", "Sign in", name) || (given ?? Ask(ref name, $"'{file.Path}'")) is not { } password)
            return null;
        // Before the password is looked at: a sessions file that is damaged must not tell the right one.
        Recorded(name, file.Path, new SessionStore(new UserFile(file.Path)).Read);
        var result = new LocalSignIn(file.Path, MaxFailedAttempts ?? LockoutThreshold.Find()).SignIn(name, password, file.Snapshot, Stop);
        if (result.Account is { } account)
            return Begin(account, file.Path);
        Record(file.Path, Refusal(name, result, file.Path));
        throw new PgEdgeUsersException(
            FailureKind.AuthenticationFailed, "Sign-in failed: the user name or password is wrong, or the account is disabled. An administrator finds the reason with Get-PgEdgeAuditEvent.");
    }

    private List<AuditEvent> Refusal(string name, SignInResult result, string path)
    {
        var events = new List<AuditEvent> { AuditLog.Now(AuditEventKind.SignIn, name, success: false, result.Reason.ToString()!, path) };
        if (!result.IsLockedNow)
            return events;
        events.Add(AuditLog.Now(AuditEventKind.Lockout, name, success: true, "too many failed sign-ins", path));
        try
        {
            events.AddRange(Ended(new SessionStore(new UserFile(path)).End(session => session.Username == name, Stop), "lockout", path));
        }
        catch (PgEdgeUsersException)
        {
            // A sessions file that cannot be used must not tell who signs in that this attempt was the last. Sessions of a disabled account do not count.
        }

        return events;
    }

    private PgEdgeSession Begin(UserAccount account, string path)
    {
        var token = SessionToken.Create();
        var (session, ended) = Recorded(account.Name, path, () => new SessionStore(new UserFile(path)).Begin(account, token, Lifetime, MaxSessions, Stop));
        if (ended.Count > 0)
            WriteVerbose($"{ended.Count} older sessions of '{account.Name}' ended for this one (MaxSessions {MaxSessions}).");
        Record(path, [AuditLog.Now(AuditEventKind.SignIn, account.Name, success: true, "", path), .. Ended(ended, "too many sessions", path)]);
        return new PgEdgeSession(session.Id, account.Name, token, session.IssuedAt, session.ExpiresAt, path, null);
    }

    /// <summary>Does something without which no one can sign in, and records the sign-in that its failure refuses.</summary>
    private T Recorded<T>(string username, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (PgEdgeUsersException failure)
        {
            Record(path, AuditLog.Now(AuditEventKind.SignIn, username, success: false, failure.Kind.ToString(), path));
            throw;
        }
    }

    private static IEnumerable<AuditEvent> Ended(IEnumerable<SessionRecord> sessions, string reason, string path) =>
        sessions.Select(session => AuditLog.Now(AuditEventKind.SessionEnded, session.Username, success: true, reason, path));

    private PgEdgeSession? SignInAt(Uri server, string name, SecureString? given)
    {
        using var client = new ServerClient(server, new ServerOptions(SkipCertificateCheck, AllowUnencryptedAuthentication, TimeSpan.FromSeconds(TimeoutSec)));
        if (!Confirms(name.Length == 0 ? server.Authority : $"User '{name}' at {server.Authority}", "Sign in", name.Length == 0 ? server.Authority : name)
            || (given ?? Ask(ref name, server.Authority)) is not { } password)
        {
            return null;
        }

        try
        {
            var (token, expires) = client.SignIn(name, password, Stop);
            Record(null, AuditLog.Now(AuditEventKind.SignIn, name, success: true, "", server.Authority));
            return new PgEdgeSession(SessionRecord.NewId(), name, token, DateTime.UtcNow, expires, null, server);
        }
        catch (PgEdgeUsersException failure)
        {
            Record(null, AuditLog.Now(AuditEventKind.SignIn, name, success: false, failure.Kind.ToString(), server.Authority));
            throw;
        }
    }
}
