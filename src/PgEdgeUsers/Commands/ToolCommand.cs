using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Server;
using PgEdgeUsers.Core.SignIn;

namespace PgEdgeUsers.Commands;

/// <summary>The base class of cmdlets that use the tools of a server with a session, and can sign in again.</summary>
public abstract class ToolCommand : ServerCommand
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromHours(1);

    private Confirmation? _confirmation;

    /// <summary>The session on the server, also a deserialized one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public PSObject? Session { get; set; }

    /// <summary>
    /// Signs in again with this name and password if the session has expired or the server does not accept it.
    /// </summary>
    [Parameter]
    [ScalarValue]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    private protected Confirmation Confirmation => _confirmation ??= new Confirmation(this);

    /// <summary>Runs an action at the server of the session. A failure is a non-terminating error.</summary>
    /// <param name="tool">The tool that is called, as the target of its errors; null if none is.</param>
    /// <param name="action">The action. It is not called if the session cannot be used, which is an error.</param>
    private protected void AtServer(string? tool, Action<ServerClient, ServerSession> action)
    {
        var reference = SessionReference.From(Session!);
        if (reference.Uri is not { } uri || !(reference.Token is not null || reference.IsForgotten))
        {
            WriteError(Errors.NotAServerSession());
            return;
        }

        if (Credential is { } credential && reference.Username is { } username && credential.UserName != username)
        {
            WriteError(Errors.CredentialOfAnotherUser(username, credential.UserName ?? ""));
            return;
        }

        try
        {
            using var client = Connect(uri);
            var session = new ServerSession(
                client,
                reference.Token,
                reference.ExpiresAt,
                PgEdgeSession.Clock,
                Credential is null ? null : () => SignIn(client, Credential));
            session.RequireUsable();
            action(client, session);
        }
        catch (PgEdgeUsersException failure)
        {
            WriteError(Errors.Record(failure, failure.Kind == FailureKind.ToolFailed ? tool : reference.Where));
        }
        catch (ObjectDisposedException)
        {
            WriteError(Errors.DisposedPassword(reference.Username ?? ""));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Warns about a session that will soon expire, unless the cmdlet can sign in again.</summary>
    private protected void WarnOfExpiry(ServerClient client, ServerSession session)
    {
        if (Credential is null && session.ExpiresIn is { } left && left < ShortTime)
            Output.WarnOnce(Errors.ExpiresSoon(client.Authority, left));
    }

    private (SecureString Token, DateTime ExpiresAt) SignIn(ServerClient client, PSCredential credential)
    {
        Output.Verbose($"The session on {client.Authority} has ended. Signing in again as '{credential.UserName}'.");
        var audit = AuditLog.For(null, new FilePaths(this, Output).ResolveAuditFile(null));
        var issued = new SignInService(audit, failure => Output.Warn(failure.Message))
            .SignIn(client, client.Authority, credential.UserName, credential.Password, Stop);
        // The session object of the caller gets the new token.
        (Session!.BaseObject as PgEdgeSession)?.Renew(issued.Token, issued.ExpiresAt);
        return issued;
    }
}
