using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PgEdgeUsers;

/// <summary>Completes paths: folders, and YAML files or, for an audit file, JSON Lines files.</summary>
public sealed class FilePathCompleter : IArgumentCompleter
{
    private static readonly string[] UserFiles = [".yaml", ".yml"];
    private static readonly string[] AuditFiles = [".jsonl"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        // The engine completes wildcard paths, in which brackets must be escaped, but these paths are literal. It
        // accepts an unclosed bracket unescaped.
        var word = wordToComplete.Contains(']', StringComparison.Ordinal)
            ? wordToComplete.Replace("[", "`[", StringComparison.Ordinal).Replace("]", "`]", StringComparison.Ordinal)
            : wordToComplete;
        var endings = parameterName == "AuditPath" ? AuditFiles : UserFiles;
        return CompletionCompleters.CompleteFilename(word)
            .Where(path => path.ResultType == CompletionResultType.ProviderContainer
                || Array.Exists(endings, ending =>
                    path.ListItemText.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            .Select(path =>
                new CompletionResult(Literal(path.CompletionText), path.ListItemText, path.ResultType, path.ToolTip));
    }

    private static string Literal(string path) => path
        .Replace("``", "`", StringComparison.Ordinal)
        .Replace("`[", "[", StringComparison.Ordinal)
        .Replace("`]", "]", StringComparison.Ordinal);
}
