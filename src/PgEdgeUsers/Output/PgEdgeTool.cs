using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers;

/// <summary>A tool that a server offers.</summary>
public sealed class PgEdgeTool
{
    internal PgEdgeTool(ServerTool tool)
    {
        Name = tool.Name;
        Description = tool.Description;
        Arguments = [.. tool.Arguments];
        RequiredArguments = [.. tool.RequiredArguments];
        InputSchema = tool.InputSchema;
    }

    /// <summary>The name, for Invoke-PgEdgeTool.</summary>
    public string Name { get; }

    /// <summary>What the tool does, in the words of the server.</summary>
    public string Description { get; }

    /// <summary>The names of its arguments.</summary>
    public string[] Arguments { get; }

    /// <summary>The names of the arguments that a call must have.</summary>
    public string[] RequiredArguments { get; }

    /// <summary>The JSON schema of its arguments, with their types and descriptions.</summary>
    public string InputSchema { get; }

    /// <summary>The name.</summary>
    public override string ToString() => VisibleText.Of(Name);
}
