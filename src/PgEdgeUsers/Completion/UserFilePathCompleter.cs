using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PgEdgeUsers;

/// <summary>Completes paths: folders and YAML files.</summary>
public sealed class UserFilePathCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete).Where(path =>
            path.ResultType == CompletionResultType.ProviderContainer
            || path.ListItemText.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || path.ListItemText.EndsWith(".yml", StringComparison.OrdinalIgnoreCase));
}
