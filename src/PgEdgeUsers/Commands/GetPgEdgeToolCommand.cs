using System.Management.Automation;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the tools that a server offers to the user of a session.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeTool")]
[OutputType(typeof(PgEdgeTool))]
public sealed class GetPgEdgeToolCommand : ToolCommand
{
    /// <summary>The tools, by name or wildcard. Default: all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ToolCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => AtServer(null, (client, session) =>
    {
        WarnOfExpiry(client, session);
        var tools = session.Call(token => client.ListTools(token, Stop));
        foreach (var name in Name ?? ["*"])
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = tools.Where(tool => tool.Name == name || pattern.IsMatch(tool.Name)).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(Errors.ToolNotFound(name, client.Authority));
            foreach (var tool in found)
                WriteObject(new PgEdgeTool(tool));
        }
    });
}
