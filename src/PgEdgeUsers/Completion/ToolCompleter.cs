using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PgEdgeUsers;

/// <summary>Completes the names of the tools of a session's server, with the description as the tool tip.</summary>
public sealed class ToolCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        CompletionSource.Matching(
            wordToComplete,
            ServerToolSource.Tools(commandAst, fakeBoundParameters)
                .Select(tool => (tool.Name, FirstLine(tool.Description) ?? tool.Name)));

    private static string? FirstLine(string text) => text.Split('\n')[0] is { Length: > 0 } line ? line : null;
}
