using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>Identifies a session: the properties of a live or deserialized session object, or a token.</summary>
internal sealed class SessionReference
{
    private bool _hasTokenAsText;

    public string? Id { get; init; }

    /// <summary>The user of the session; for a piped user, the only property.</summary>
    public string? Username { get; private init; }

    /// <summary>The token; also null if it is empty or was disposed of.</summary>
    public SecureString? Token { get; private init; }

    public Uri? Uri { get; private init; }

    public string? Path { get; private init; }

    /// <summary>When it expires, in UTC; null if unknown.</summary>
    public DateTime? ExpiresAt { get; private init; }

    /// <summary>Whether it identifies a session, not only a user.</summary>
    public bool IsSession => Id is not null || Token is not null || Uri is not null || IsForgotten;

    /// <summary>The user and file of the session, for finding the file; null for a bare token.</summary>
    public UserReference? User => Path is null
        ? null
        : new UserReference(Username ?? "", isLiteral: true) { Path = Path };

    /// <summary>Whether it had a token that was disposed of, which happens on log-out from a server.</summary>
    public bool IsForgotten { get; private init; }

    /// <summary>Whether it can be verified: by its token or, if it never had one, by its id.</summary>
    public bool CanBeTested => Token is not null || IsForgotten || (Id is not null && !_hasTokenAsText);

    /// <summary>The server or file, for messages.</summary>
    public string Where => Uri is null ? Path ?? "" : Uri.IsAbsoluteUri ? Uri.Authority : "";

    /// <summary>Whether a session was found and belongs to the user of this reference.</summary>
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
            // The address of a deserialized session may be text.
            Uri = Property(session, nameof(PgEdgeSession.Uri)) as Uri
                ?? (Text(session, nameof(PgEdgeSession.Uri)) is { } uri ? UriOf(uri) : null),
            Path = Text(session, nameof(PgEdgeSession.Path)),
            ExpiresAt = (Property(session, nameof(PgEdgeSession.ExpiresAt)) as DateTime?)?.ToUniversalTime(),
            IsForgotten = Property(session, nameof(PgEdgeSession.Token)) is SecureString kept && Usable(kept) is null,
            // A token that is something else may be forged, and the id is not a secret.
            _hasTokenAsText = Property(session, nameof(PgEdgeSession.Token)) is not (null or SecureString),
        };

    /// <summary>Parses an address. Invalid text becomes a relative address, which no server has.</summary>
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
