using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>Completes annotations with those that the user file contains, the most frequent first.</summary>
public sealed class AnnotationCompleter : IArgumentCompleter
{
    private const int MaxCandidates = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        CompletionSource.Complete(
            wordToComplete,
            fakeBoundParameters,
            path => new UserFile(path).Read().Users.Where(user => user.Annotation.Length > 0)
                .GroupBy(user => user.Annotation, StringComparer.Ordinal)
                .Select(users => (Annotation: users.Key, Count: users.Count()))
                .OrderByDescending(entry => entry.Count)
                .ThenBy(entry => entry.Annotation, NameOrder.Comparer)
                .Select(entry => (entry.Annotation, entry.Count == 1 ? "1 user" : $"{entry.Count} users")))
            .Take(MaxCandidates);
}
