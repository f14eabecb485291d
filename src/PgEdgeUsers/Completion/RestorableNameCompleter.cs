using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>
/// Completes the names of removed users or, with <c>-Before</c>, of all users that have a history.
/// </summary>
public sealed class RestorableNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        return fakeBoundParameters.Contains(nameof(Commands.RestorePgEdgeUserCommand.Before))
            ? new HistoryNameCompleter().CompleteArgument(
                commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            : CompletionSource.Complete(wordToComplete, fakeBoundParameters, Removed);
    }

    private static IEnumerable<(string Name, string ToolTip)> Removed(string path)
    {
        var file = new UserFile(path);
        return RestorePlan.OfRemoved(UserHistory.Read(file), file.Read()).Steps
            .OrderBy(step => step.Username, NameOrder.Comparer)
            .Select(step => (step.Username, $"Removed: {step.Earlier.Annotation}"));
    }
}
