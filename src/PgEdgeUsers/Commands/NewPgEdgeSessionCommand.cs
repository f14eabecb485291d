using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Server;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Signs a user in, against the user file or at a running server, and returns the session.</summary>
[Cmdlet(VerbsCommon.New, "PgEdgeSession", DefaultParameterSetName = FileCredential, SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeSession))]
public sealed class NewPgEdgeSessionCommand : UserFileCommand
{
    private const string FileCredential = "FileCredential";
    private const string FileUsername = "FileUsername";
    private const string ServerCredential = "ServerCredential";
    private const string ServerUsername = "ServerUsername";

    /// <summary>The name and password to sign in with. Default: the cmdlet prompts for them.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FileCredential, ValueFromPipeline = true)]
    [Parameter(Position = 0, ParameterSetName = ServerCredential, ValueFromPipeline = true)]
    [ScalarValue]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The user who signs in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileUsername, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = ServerUsername, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [UserReferenceTransformation(IsSingle = true)]
    public UserReference? Username { get; set; }

    /// <summary>The user's password. Default: the cmdlet prompts for it without showing it.</summary>
    [Parameter(ParameterSetName = FileUsername, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerUsername, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    [ValidateNotNull]
    public SecureString? Password { get; set; }

    /// <summary>
    /// The number of failed attempts that disables an account; 0 for no limit. Default: the server's setting.
    /// </summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxFailedAttempts { get; set; }

    /// <summary>
    /// The number of sessions that the user may have at once, including this one. The oldest sessions over the limit
    /// end. Default: 10.
    /// </summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [ValidateRange(1, int.MaxValue)]
    public int MaxSessions { get; set; } = SessionStore.DefaultMaxSessions;

    /// <summary>How long the session lasts. Default: 24 hours.</summary>
    [Parameter(ParameterSetName = FileCredential)]
    [Parameter(ParameterSetName = FileUsername)]
    [Duration]
    [ValidateLifetime]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan Lifetime { get; set; } = SessionToken.Lifetime;

    /// <summary>
    /// A running server to sign in at, such as <c>https://mcp.example.com:8080</c>. It binds to the server of a piped
    /// session.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerCredential, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = ServerUsername, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public Uri? Uri { get; set; }

    /// <summary>Trusts any certificate. For tests.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Allows plain HTTP to another machine, which exposes the password on the network.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>How long to wait for the server's response, in seconds. Default: 30.</summary>
    [Parameter(ParameterSetName = ServerCredential)]
    [Parameter(ParameterSetName = ServerUsername)]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>The audit file. Default: <c>$env:PGEDGE_AUTH_AUDIT_FILE</c>, otherwise next to the user file.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? AuditPath { get; set; }

    /// <summary>Records nothing in the audit file.</summary>
    [Parameter]
    public SwitchParameter NoAudit { get; set; }

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
            WriteError(Errors.Record(new PgEdgeUsersException(
                FailureKind.InvalidUsername, "The credential has no user name."), target: null));
            return;
        }

        if (Uri is null && ParameterSetName is (ServerCredential or ServerUsername))
        {
            WriteError(Errors.NotAServerSession());
            return;
        }

        // With only a server, the name is empty and the cmdlet prompts for it.
        SignIn(ParameterSetName is FileCredential or ServerCredential
            ? new UserReference(Credential?.UserName ?? "", isLiteral: true)
            : Username!);
    }

    private void SignIn(UserReference user)
    {
        var password = Credential?.Password ?? Password;
        if (user.Problem is { } problem)
        {
            WriteError(Errors.InvalidObject(problem, user.Source));
            return;
        }

        if (SecureValueAttribute.IsRefused(password))
        {
            WriteError(Errors.PlainTextPassword(user.Name));
            return;
        }

        try
        {
            if ((Uri is null ? SignInLocally(user, password) : SignInAt(Uri, user.Name, password)) is { } session)
                WriteObject(session);
        }
        catch (PgEdgeUsersException failure) when (
            failure.Kind is FailureKind.UserFileInvalid or FailureKind.UserFileLocked
            or FailureKind.UserFileAccessDenied or FailureKind.UserFileWriteFailed or FailureKind.UserFileNotFound
            or FailureKind.InvalidUserFilePath or FailureKind.SessionFileInvalid or FailureKind.InvalidConfiguration)
        {
            ThrowTerminatingError(Errors.Record(failure, Path));
        }
        catch (PgEdgeUsersException failure)
        {
            WriteError(Errors.Record(failure, user.Name));
        }
        catch (ObjectDisposedException)
        {
            WriteError(Errors.DisposedPassword(user.Name));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Sign-in reads the file again before it records anything, so it does not have to wait for other writers here.
    /// </remarks>
    private protected override UserFileSnapshot Read(UserFile file) => file.ReadUnsynchronized();

    private PgEdgeSession? SignInLocally(UserReference user, SecureString? given)
    {
        var file = OpenOrStop(user);
        if (!Confirmation.Asks($"User '{user.Name}' in '{file.Path}'", "Sign in", user.Name)
            || Obtain(user.Name, given, $"against '{file.Path}'") is not { } credential)
        {
            return null;
        }

        var userFile = new UserFile(file.Path);
        var limits = new SignInLimits(MaxFailedAttempts ?? FindLockoutThreshold(), MaxSessions, Lifetime);
        var begun = Service(userFile)
            .SignIn(userFile, credential.UserName, credential.Password, limits, file.Snapshot, Stop);
        if (begun.EndedSessions > 0)
        {
            Output.Verbose($"{begun.EndedSessions} older sessions of '{credential.UserName}' ended, because the "
                + $"limit is {MaxSessions}.");
        }

        var session = begun.Session;
        return new PgEdgeSession(
            session.Id, session.Username, begun.Token, session.IssuedAt, session.ExpiresAt, file.Path, null);
    }

    private int FindLockoutThreshold()
    {
        var threshold = LockoutThreshold.Find();
        if (threshold.Warning is { } warning)
            Output.WarnOnce(warning);
        return threshold.Attempts;
    }

    private PgEdgeSession? SignInAt(Uri server, string name, SecureString? given)
    {
        using var client = new ServerClient(server,
            new ServerOptions(SkipCertificateCheck, AllowUnencryptedAuthentication, TimeSpan.FromSeconds(TimeoutSec)));
        if (!Confirmation.Asks(name.Length == 0 ? server.Authority : $"User '{name}' at {server.Authority}", "Sign in",
            name.Length == 0 ? server.Authority : name)
            || Obtain(name, given, $"to {server.Authority}") is not { } credential)
        {
            return null;
        }

        var (token, expires) = Service(null)
            .SignIn(client, server.Authority, credential.UserName, credential.Password, Stop);
        return new PgEdgeSession(
            SessionRecord.NewId(), credential.UserName, token, DateTime.UtcNow, expires, null, server);
    }

    private SignInService Service(UserFile? file) => new(
        NoAudit ? null : AuditLog.For(file, Paths.ResolveAuditFile(AuditPath)),
        failure => Output.Warn(failure.Message));

    /// <summary>
    /// The name and password. Prompts for them only after the target is known. Null after an error has been written.
    /// </summary>
    private (string UserName, SecureString Password)? Obtain(string name, SecureString? given, string where)
    {
        if (given is not null)
            return (name, given);
        return new PasswordPrompt(this).AskToSignIn(name, where) is { } answer
            ? (answer.UserName ?? "", answer.Password)
            : null;
    }
}
