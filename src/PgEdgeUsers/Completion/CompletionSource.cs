using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>
/// Shared code of the completers: finds the user file of the command line, matches the word to complete, and quotes.
/// </summary>
internal static class CompletionSource
{
    private static readonly char[] Quotes = ['\'', '"'];

    /// <summary>
    /// Returns the candidates that begin with the word; none if they cannot be determined, because completion must not
    /// fail.
    /// </summary>
    /// <param name="word">The word to complete, with or without quotes.</param>
    /// <param name="bound">The parameters on the command line so far, by their names, not aliases.</param>
    /// <param name="candidates">Texts and tool tips from a user file.</param>
    public static IEnumerable<CompletionResult> Complete(
        string? word, IDictionary bound, Func<string, IEnumerable<(string Text, string ToolTip)>> candidates)
    {
        try
        {
            return Matching(word, candidates(UserFile(bound)));
        }
        catch (Exception e) when (e is PgEdgeUsersException or RuntimeException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The candidates that begin with the word.</summary>
    public static IEnumerable<CompletionResult> Matching(
        string? word, IEnumerable<(string Text, string ToolTip)> candidates)
    {
        var pattern = WildcardPattern.Get(
            WildcardPattern.Escape((word ?? "").Trim(Quotes)) + "*", WildcardOptions.IgnoreCase);
        return candidates
            .Where(candidate => pattern.IsMatch(candidate.Text))
            .Select(candidate => new CompletionResult(
                Quoted(candidate.Text),
                VisibleText.Of(candidate.Text),
                CompletionResultType.ParameterValue,
                VisibleText.Of(candidate.ToolTip)))
            .ToArray();
    }

    private static string UserFile(IDictionary bound) => bound["Path"]?.ToString() is { } path
        ? FromSession("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", path)
        : new UserFileLocator(FromSession("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath"))
            .Find().Path;

    /// <summary>The value of a variable of the session; null if it does not exist.</summary>
    public static object? Variable(string name)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.PSVariable.GetValue($args[0])").AddArgument(name)
            .Invoke().FirstOrDefault();
    }

    private static string FromSession(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript(script, useLocalScope: true).AddParameters(arguments).Invoke<string>()[0];
    }

    /// <summary>The text as one argument, quoted unless it is certainly a bare word.</summary>
    private static string Quoted(string text) =>
        text.Length > 0 && char.IsLetter(text[0])
            && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
