using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers;

/// <summary>
/// Finds the tools of the server on the command line, from -Session or a variable at the beginning of the pipeline.
/// Nothing else is evaluated. There are none without a response within two seconds or with an expired session.
/// </summary>
internal static class ServerToolSource
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The tools; none if they cannot be determined, because completion must not fail.</summary>
    public static IReadOnlyList<ServerTool> Tools(CommandAst command, IDictionary bound)
    {
        try
        {
            return Session(command, bound) is { } session
                ? Tools(SessionReference.From(PSObject.AsPSObject(session)), bound)
                : [];
        }
        catch (Exception e) when (e is PgEdgeUsersException or RuntimeException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IReadOnlyList<ServerTool> Tools(SessionReference session, IDictionary bound)
    {
        if (session is not { Token: { } token, Uri: { } uri })
            return [];
        var options = new ServerOptions(
            IsTrue(bound["SkipCertificateCheck"]), IsTrue(bound["AllowUnencryptedAuthentication"]), Timeout);
        using var client = new ServerClient(uri, options);
        return new ServerSession(client, token, session.ExpiresAt, PgEdgeSession.Clock, signIn: null)
            .Call(given => client.ListTools(given));
    }

    private static object? Session(CommandAst command, IDictionary bound) => bound["Session"] ?? command.Parent switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst first }, ..] } =>
            CompletionSource.Variable(first.VariablePath.UserPath),
        _ => null,
    };

    private static bool IsTrue(object? value) => value is not null && LanguagePrimitives.IsTrue(value);
}
