using System.Management.Automation;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers.Commands;

/// <summary>The base class of cmdlets that use a session on a server. It handles Ctrl+C.</summary>
public abstract class ServerCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private CommandOutput? _output;

    /// <summary>Trusts any certificate. For tests.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Allows plain HTTP to another machine, which exposes the token on the network.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>How long to wait for the server's response, in seconds. Default: 30.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    private protected CommandOutput Output => _output ??= new CommandOutput(this);

    /// <summary>Cancelled when the user presses Ctrl+C.</summary>
    private protected CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    private protected ServerClient Connect(Uri server) => new(
        server,
        new ServerOptions(SkipCertificateCheck, AllowUnencryptedAuthentication, TimeSpan.FromSeconds(TimeoutSec)));
}
