using System.Collections;
using System.Management.Automation;

namespace PgEdgeUsers.Commands;

/// <summary>Calls a tool of a server and returns its result: objects if it is JSON, otherwise text.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "PgEdgeTool", SupportsShouldProcess = true)]
[OutputType(typeof(PSObject), typeof(string))]
public sealed class InvokePgEdgeToolCommand : ToolCommand
{
    /// <summary>The tool.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ToolCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The arguments of the tool, by name.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ToolArgumentCompleter))]
    public IDictionary? Arguments { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        byte[] arguments;
        try
        {
            arguments = ToolArguments.ToJson(Arguments ?? new Hashtable());
        }
        catch (ToolArgumentException e)
        {
            ThrowTerminatingError(Errors.InvalidToolArgument(Name, e.Message));
            throw;
        }

        AtServer(Name, (client, session) =>
        {
            if (!Confirmation.Asks($"Tool '{Name}' at {client.Authority}", "Call", Name))
                return;
            WarnOfExpiry(client, session);
            foreach (var text in session.Call(token => client.CallTool(token, Name, arguments, Stop)))
                WriteObject(ToolOutput.From(text), enumerateCollection: true);
        });
    }
}
