using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers;

/// <summary>
/// The tools of the server of the command line so far: of -Session, or of a variable at the beginning of the pipeline.
/// Nothing else is evaluated. Without an answer in two seconds, or with an expired session, there are none.
/// </summary>
internal static class ServerToolSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The tools; none if they cannot be determined, because completion must not fail.</summary>
    public static IReadOnlyList<ServerTool> Tools(CommandAst command, IDictionary bound)
    {
        try
        {
            if (Session(command, bound) is not { } value || SessionReference.From(PSObject.AsPSObject(value)) is not { Token: { } token, Uri: { } uri } session)
                return [];
            var options = new ServerOptions(IsTrue(bound, nameof(ServerOptions.SkipCertificateCheck)), IsTrue(bound, "AllowUnencryptedAuthentication"), Patience);
            using var client = new ServerClient(uri, options);
            return new ServerSession(client, token, session.ExpiresAt, PgEdgeSession.Clock, signIn: null).Call(given => client.ListTools(given));
        }
        catch (Exception e) when (e is PgEdgeUsersException or RuntimeException or InvalidOperationException)
        {
            return [];
        }
    }

    private static object? Session(CommandAst command, IDictionary bound)
    {
        if (bound["Session"] is { } session)
            return session;
        return command.Parent is PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] }
            ? CompletionSource.Variable(variable.VariablePath.UserPath)
            : null;
    }

    private static bool IsTrue(IDictionary bound, string parameter) => bound[parameter] is { } value && LanguagePrimitives.IsTrue(value);
}
