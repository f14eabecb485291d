using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PgEdgeUsers;

/// <summary>Completes paths: folders and YAML files.</summary>
public sealed class UserFilePathCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // The engine completes paths with wildcards in them, where brackets are escaped. These paths are literal. A bracket that is
        // open still, it takes as it is.
        var word = wordToComplete.Contains(']', StringComparison.Ordinal)
            ? wordToComplete.Replace("[", "`[", StringComparison.Ordinal).Replace("]", "`]", StringComparison.Ordinal)
            : wordToComplete;
        return CompletionCompleters.CompleteFilename(word)
            .Where(path => path.ResultType == CompletionResultType.ProviderContainer
                || path.ListItemText.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
                || path.ListItemText.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            .Select(path => new CompletionResult(Literal(path.CompletionText), path.ListItemText, path.ResultType, path.ToolTip));
    }

    private static string Literal(string path) => path
        .Replace("``", "`", StringComparison.Ordinal)
        .Replace("`[", "[", StringComparison.Ordinal)
        .Replace("`]", "]", StringComparison.Ordinal);
}
