using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>
/// Completes user names from the user file that the command would use, with the status and annotation as the tool tip.
/// </summary>
public sealed class UserNameCompleter : IArgumentCompleter
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
            path => new UserFile(path).Read().Users.OrderBy(user => user.Name, NameOrder.Comparer)
                .Select(user => (user.Name, ToolTip(user))));

    private static string ToolTip(UserAccount user)
    {
        var status = user.Enabled ? PgEdgeUserStatus.Enabled : PgEdgeUserStatus.Disabled;
        return user.Annotation.Length == 0 ? status.ToString() : $"{status}: {user.Annotation}";
    }
}
