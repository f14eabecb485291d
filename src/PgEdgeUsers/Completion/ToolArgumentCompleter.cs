using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers;

/// <summary>
/// Completes the arguments of the tool on the command line: a hashtable with the required ones, and one with all.
/// PowerShell does not call completers for the keys within a hashtable.
/// </summary>
public sealed class ToolArgumentCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        var name = fakeBoundParameters["Name"] as string;
        var tool = ServerToolSource.Tools(commandAst, fakeBoundParameters).FirstOrDefault(tool => tool.Name == name);
        if (tool is null || !"@{".StartsWith(wordToComplete, StringComparison.Ordinal))
            return [];
        return new[] { tool.RequiredArguments, tool.Arguments }
            .Where(arguments => arguments.Count > 0)
            .Select(arguments => Completion(tool, arguments))
            .DistinctBy(completion => completion.CompletionText);
    }

    private static CompletionResult Completion(ServerTool tool, IReadOnlyList<string> arguments)
    {
        var names = VisibleText.Of(string.Join(", ", arguments));
        var entries = arguments.Select(argument => $"{Key(argument)} = ''");
        var toolTip = tool.RequiredArguments.Count > 0
            ? VisibleText.Of($"Required: {string.Join(", ", tool.RequiredArguments)}")
            : "No argument is required.";
        return new CompletionResult(
            $"@{{ {string.Join("; ", entries)} }}", names, CompletionResultType.ParameterValue, toolTip);
    }

    private static string Key(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
