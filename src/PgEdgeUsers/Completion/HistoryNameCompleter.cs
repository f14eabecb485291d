using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>Completes the names of users that have a history.</summary>
public sealed class HistoryNameCompleter : IArgumentCompleter
{
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
            path => UserHistory.Read(new UserFile(path)).Records
                .GroupBy(record => record.Username, StringComparer.Ordinal)
                .OrderBy(records => records.Key, NameOrder.Comparer)
                .Select(records => (records.Key, ToolTip(records.Last()))));

    private static string ToolTip(HistoryRecord record) => string.Create(
        CultureInfo.InvariantCulture, $"{record.Event} {record.Time.ToLocalTime():yyyy-MM-dd HH:mm}");
}
