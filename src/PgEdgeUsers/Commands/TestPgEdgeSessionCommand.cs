using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Tests whether a session or token is valid.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PgEdgeSession", DefaultParameterSetName = BySession)]
[OutputType(typeof(bool))]
public sealed class TestPgEdgeSessionCommand : ServerCommand
{
    private const string ByToken = "Token";
    private const string BySession = "Session";

    /// <summary>A session from New-PgEdgeSession or Get-PgEdgeSession, also a deserialized one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BySession, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public PSObject? Session { get; set; }

    /// <summary>A token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByToken)]
    [SecureValue]
    public SecureString? Token { get; set; }

    /// <summary>The server that issued the token. Default: the token belongs to the user file.</summary>
    [Parameter(ParameterSetName = ByToken)]
    public Uri? Uri { get; set; }

    /// <summary>
    /// The user file. Default: that of the session, otherwise the one that the server uses on this machine.
    /// </summary>
    [Parameter]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Token is not null && SecureValueAttribute.IsRefused(Token))
            ThrowTerminatingError(Errors.PlainTextPassword(null));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var asked = Session is null ? SessionReference.Of(Token, Uri) : SessionReference.From(Session);
        if (!asked.CanBeTested)
        {
            WriteError(Errors.NotASession());
            return;
        }

        try
        {
            WriteObject(
                !asked.IsForgotten && (asked.Uri is null ? IsValidLocally(asked) : IsValidAt(asked.Uri, asked)));
        }
        catch (PgEdgeUsersException failure)
        {
            WriteError(Errors.Record(failure, asked.Where));
        }
        catch (ObjectDisposedException)
        {
            WriteError(Errors.NotASession());
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private bool IsValidLocally(SessionReference asked)
    {
        var files = new OpenUserFiles(new FilePaths(this, Output), Output, typedPath: Path, file => file.Read());
        var sessions = new SessionStore(new UserFile(files.Locate(asked.User).Path));
        return asked.IsOf((asked.Token is not null ? sessions.Find(asked.Token) : sessions.Find(asked.Id!))?.Username);
    }

    private bool IsValidAt(Uri server, SessionReference asked)
    {
        if (asked.Token is null)
            return false;
        using var client = Connect(server);
        return asked.IsOf(client.WhoIs(asked.Token, Stop));
    }
}
