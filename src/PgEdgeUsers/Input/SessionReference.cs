using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>What names a session: the properties of a session object, living or deserialized.</summary>
internal sealed class SessionReference(string? id, SecureString? token, Uri? uri, string? path)
{
    public string? Id => id;

    public SecureString? Token => token;

    public Uri? Uri => uri;

    public string? Path => path;

    public static SessionReference From(PSObject session) =>
        session.BaseObject is SecureString token
            ? new SessionReference(null, token, null, null)
            : new SessionReference(
                Property(session, nameof(PgEdgeSession.Id)) as string,
                Property(session, nameof(PgEdgeSession.Token)) as SecureString,
                Property(session, nameof(PgEdgeSession.Uri)) as Uri,
                Property(session, nameof(PgEdgeSession.Path)) as string);

    private static object? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : value.Properties[name]?.Value;
}
