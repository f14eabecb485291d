using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PgEdgeUsers;

/// <summary>Completes common durations.</summary>
public sealed class DurationCompleter : IArgumentCompleter
{
    private static readonly (string Text, string ToolTip)[] Durations =
        [("30d", "30 days"), ("60d", "60 days"), ("90d", "90 days"), ("180d", "180 days"), ("365d", "365 days")];

    private static readonly (string Text, string ToolTip)[] Lifetimes =
        [("30m", "30 minutes"), ("1h", "1 hour"), ("8h", "8 hours"), ("12h", "12 hours"), ("24h", "24 hours")];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        CompletionSource.Matching(wordToComplete, parameterName == "Lifetime" ? Lifetimes : Durations);
}
