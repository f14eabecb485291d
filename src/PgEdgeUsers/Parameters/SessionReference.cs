using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>What names a session: the properties of a session object, living or deserialized, or a token.</summary>
internal sealed class SessionReference
{
    private bool _hasTokenAsText;

    public string? Id { get; init; }

    /// <summary>Whose session it is; of a user that was piped, the only thing.</summary>
    public string? Username { get; private init; }

    /// <summary>The token; null also where it is empty or was disposed of.</summary>
    public SecureString? Token { get; private init; }

    public Uri? Uri { get; private init; }

    public string? Path { get; private init; }

    /// <summary>When it expires, in UTC; null if that is unknown.</summary>
    public DateTime? ExpiresAt { get; private init; }

    /// <summary>Whether it names a session, and not only a user.</summary>
    public bool IsSession => Id is not null || Token is not null || Uri is not null || IsForgotten;

    /// <summary>The user and file of the session, for finding the file; null for a bare token.</summary>
    public UserReference? User => Path is null
        ? null
        : new UserReference(Username ?? "", isLiteral: true) { Path = Path };

    /// <summary>Whether it had a token that was disposed of, as log-out from a server does.</summary>
    public bool IsForgotten { get; private init; }

    /// <summary>
    /// Whether it can tell a session from a forgery: by its token or, where it never had one, by its id.
    /// </summary>
    public bool CanBeTested => Token is not null || IsForgotten || (Id is not null && !_hasTokenAsText);

    /// <summary>The server or file, to speak of it.</summary>
    public string Where => Uri is null ? Path ?? "" : Uri.IsAbsoluteUri ? Uri.Authority : "";

    /// <summary>
    /// Whether a session that was found is what this says it is: there, and of the user whom it names.
    /// </summary>
    public bool IsOf(string? username) => username is not null && (Username is null || Username == username);

    public static SessionReference Of(SecureString? token, Uri? uri = null) =>
        new() { Token = Usable(token), Uri = uri };

    public static SessionReference From(PSObject session) => session.BaseObject is SecureString token
        ? Of(token)
        : new SessionReference
        {
            Id = Text(session, nameof(PgEdgeSession.Id)),
            Username = Text(session, nameof(PgEdgeSession.Username)),
            Token = Usable(Property(session, nameof(PgEdgeSession.Token)) as SecureString),
            // What came back from another process may have become text.
            Uri = Property(session, nameof(PgEdgeSession.Uri)) as Uri
                ?? (Text(session, nameof(PgEdgeSession.Uri)) is { } uri ? UriOf(uri) : null),
            Path = Text(session, nameof(PgEdgeSession.Path)),
            ExpiresAt = (Property(session, nameof(PgEdgeSession.ExpiresAt)) as DateTime?)?.ToUniversalTime(),
            IsForgotten = Property(session, nameof(PgEdgeSession.Token)) is SecureString kept && Usable(kept) is null,
            // What is in its place may be anything, and the id beside it is no secret.
            _hasTokenAsText = Property(session, nameof(PgEdgeSession.Token)) is not (null or SecureString),
        };

    /// <summary>A text as an address. One that is none becomes a relative one, which is no server's.</summary>
    private static Uri UriOf(string text) =>
        Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri) ? uri : new Uri("", UriKind.Relative);

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

    private static string? Text(PSObject value, string name) =>
        Property(value, name) is string { Length: > 0 } text ? text : null;

    private static object? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : value.Properties[name]?.Value;
}
