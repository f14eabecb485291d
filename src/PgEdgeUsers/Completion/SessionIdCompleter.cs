using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>Completes the ids of live sessions, with the user and the expiry as the tool tip.</summary>
public sealed class SessionIdCompleter : IArgumentCompleter
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
            path => new SessionStore(new UserFile(path)).Read().Select(session =>
                (session.Id, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{session.Username}, until {session.ExpiresAt.ToLocalTime():yyyy-MM-dd HH:mm}"))));
}
