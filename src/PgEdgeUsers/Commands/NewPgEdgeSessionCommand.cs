using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;

namespace PgEdgeUsers.Commands;

/// <summary>Signs a user in and gives the session.</summary>
[Cmdlet(VerbsCommon.New, "PgEdgeSession", DefaultParameterSetName = ByCredential)]
[OutputType(typeof(PgEdgeSession))]
public sealed class NewPgEdgeSessionCommand : UserFileCommand
{
    private const string ByName = "Username";
    private const string ByCredential = "Credential";

    /// <summary>The name and password to sign in with. Not given: they are asked for.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByCredential, ValueFromPipeline = true)]
    [ScalarValue]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>The user who signs in.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [ScalarValue]
    public string Username { get; set; } = "";

    /// <summary>The user's password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    public SecureString Password { get; set; } = new();

    /// <summary>The number of failed attempts that disables an account; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaxFailedAttempts { get; set; }

    /// <summary>How long the session lasts: 24 hours unless given.</summary>
    [Parameter]
    [ValidateLifetime]
    public TimeSpan Lifetime { get; set; } = SessionToken.Lifetime;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var file = OpenFile(mustExist: true);
        var (name, password) = ParameterSetName == ByCredential ? (Credential.UserName, Credential.Password) : (Username, Password);
        if (SecureValueAttribute.IsRefused(password))
        {
            WriteError(Errors.PlainTextPassword(name));
            return;
        }

        try
        {
            var account = new LocalSignIn(file.File, MaxFailedAttempts).SignIn(name, password, Stop);
            WriteObject(new PgEdgeSession(account.Name, SessionToken.Create(), DateTime.UtcNow, Lifetime, file.Path));
        }
        catch (PgEdgeUsersException failure) when (failure.Kind == FailureKind.AuthenticationFailed)
        {
            WriteError(Errors.Record(failure, name));
        }
        catch (PgEdgeUsersException failure)
        {
            ThrowTerminatingError(Errors.Record(failure, file.Path));
        }
    }
}
