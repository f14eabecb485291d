using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>What names a session: the properties of a session object, living or deserialized, or a token.</summary>
internal sealed class SessionReference
{
    public string? Id { get; init; }

    /// <summary>Whose session it is; of a user that was piped, the only thing.</summary>
    public string? Username { get; private init; }

    /// <summary>The token; null also where it is empty or was disposed of.</summary>
    public SecureString? Token { get; private init; }

    public Uri? Uri { get; private init; }

    public string? Path { get; private init; }

    /// <summary>Whether there is nothing in it that a session could be found by.</summary>
    public bool IsEmpty => Token is null && Id is null;

    /// <summary>The server or file, to speak of it.</summary>
    public string Where => Uri is null ? Path ?? "" : Uri.IsAbsoluteUri ? Uri.Authority : "";

    public static SessionReference Of(SecureString? token, Uri? uri = null) => new() { Token = Usable(token), Uri = uri };

    public static SessionReference From(PSObject session) => session.BaseObject is SecureString token
        ? Of(token)
        : new SessionReference
        {
            Id = Text(session, nameof(PgEdgeSession.Id)),
            Username = Text(session, nameof(PgEdgeSession.Username)),
            Token = Usable(Property(session, nameof(PgEdgeSession.Token)) as SecureString),
            // What came back from another process may have become text.
            Uri = Property(session, nameof(PgEdgeSession.Uri)) as Uri
                ?? (Text(session, nameof(PgEdgeSession.Uri)) is { } uri ? new Uri(uri, UriKind.RelativeOrAbsolute) : null),
            Path = Text(session, nameof(PgEdgeSession.Path)),
        };

    private static SecureString? Usable(SecureString? token)
    {
        try
        {
            return token is { Length: > 0 } ? token : null;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static string? Text(PSObject value, string name) => Property(value, name) is string { Length: > 0 } text ? text : null;

    private static object? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : value.Properties[name]?.Value;
}
