using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Sessions;

namespace PgEdgeUsers.Core.Server;

/// <summary>
/// Calls a running server to sign users in, to find the user of a token, and to list and call tools. The protocol is
/// JSON-RPC over HTTP, as observed in both generations of the server.
/// </summary>
public sealed class ServerClient : IDisposable
{
    private const string NoSignIn = "it is not the JSON result of a sign-in";
    private const string NoUser = "it is not the JSON description of the signed-in user";
    private const string NoTools = "it is not a JSON list of tools";
    private const string NoResult = "it is not the JSON result of a tool";
    private const int LongestReason = 200;
    private const int LongestToolError = 2000;

    private readonly ServerAddress _address;
    private readonly ServerConnection _connection;

    /// <summary>Creates a client for one server.</summary>
    /// <param name="server">The server's address, with or without its path <c>/mcp/v1</c>.</param>
    /// <param name="options">How to connect.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.InvalidServerUri"/>.</exception>
    public ServerClient(Uri server, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        _address = new ServerAddress(server, options.AllowUnencrypted);
        _connection = new ServerConnection(_address, options);
    }

    /// <summary>The host and port, for messages.</summary>
    public string Authority => _address.Authority;

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Signs a user in.</summary>
    /// <returns>The token and its expiry in UTC.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server refuses the sign-in, cannot be reached, or returns an invalid response.
    /// </exception>
    public (SecureString Token, DateTime ExpiresAt) SignIn(
        string username, SecureString password, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        var body = SignInRequest.Write(username, password);
        try
        {
            using var response = Post(body, token: null, cancellation);
            RequireOk(response.Status);
            var reply = Parse(response.Body, SignInJson.Default.SignInResponse, NoSignIn);
            using var text = reply.Text;
            return reply.Error is null ? Issued(text) : throw Refused(reply.Reason, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Finds the user of a token.</summary>
    /// <returns>The user name; null if the server does not accept the token.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server cannot be reached or returns an invalid response.
    /// </exception>
    public string? WhoIs(SecureString token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        using var text = SecretText.From(token);
        if (!SessionToken.IsHeaderValue(text.Value))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, _address.UserInfo);
        using var response = Send(request, text, cancellation);
        if (response.Status == HttpStatusCode.Unauthorized)
            return null;
        RequireOk(response.Status);
        return Parse(response.Body, SignInJson.Default.TokenUser, NoUser) switch
        {
            { Authenticated: true, Username: { } name } => name,
            { Authenticated: false } => null,
            _ => throw _connection.Unexpected(NoUser),
        };
    }

    /// <summary>Lists the tools that the server offers.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.SessionRefused"/>: the server does not accept the token. Any other kind: it cannot be
    /// reached or returns an invalid response.
    /// </exception>
    public IReadOnlyList<ServerTool> ListTools(SecureString token, CancellationToken cancellation = default)
    {
        using var secret = Bearer(token);
        using var response = Post(ToolRequest.List, secret, cancellation);
        RequireSession(response, secret);
        var reply = Parse(response.Body, ToolJson.Default.ToolListResponse, NoTools);
        if (reply.Error is { } error)
        {
            var reason = Read(() => error.Text, NoTools);
            throw _connection.Unexpected($"it reports '{ServerText.OnOneLine(reason, secret, LongestReason)}'");
        }

        return reply.Result?.Tools is { } tools
            ? Read(() => tools.Select(ServerTool.From).ToArray(), NoTools)
            : throw _connection.Unexpected(NoTools);
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="token">The token of the session.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="arguments">The arguments, as a JSON object in UTF-8.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The texts that the tool returned. Content of other types is returned as JSON.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.ToolFailed"/>: the tool returned an error, whose text is in the message.
    /// <see cref="FailureKind.SessionRefused"/>: the server does not accept the token. Any other kind: it cannot be
    /// reached or returns an invalid response.
    /// </exception>
    public IReadOnlyList<string> CallTool(
        SecureString token, string name, ReadOnlyMemory<byte> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var secret = Bearer(token);
        using var response = Post(ToolRequest.Call(name, arguments.Span), secret, cancellation);
        RequireSession(response, secret);
        var reply = Parse(response.Body, ToolJson.Default.ToolCallResponse, NoResult);
        if (reply.Error is { } error)
            throw Failed(name, Read(() => error.Text, NoResult), secret);
        if (reply.Result is not { Content: not null } result)
            throw _connection.Unexpected(NoResult);
        var texts = Read(() => result.Texts.ToArray(), NoResult);
        return result.IsError ? throw Failed(name, string.Join(' ', texts), secret) : texts;
    }

    /// <summary>Gets the text of a token, which must be valid in an HTTP header.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.SessionRefused"/>: it is not valid, so no server issued it.
    /// </exception>
    private SecretText Bearer(SecureString token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var secret = SecretText.From(token);
        if (SessionToken.IsHeaderValue(secret.Value))
            return secret;
        secret.Dispose();
        throw new PgEdgeUsersException(
            FailureKind.SessionRefused,
            $"The token contains characters that are not valid in a token of {Authority}. Nothing was sent. "
                + "Sign in again.");
    }

    private ServerResponse Post(byte[] body, SecretText? token, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, _address.Rpc) { Content = content };
        return Send(request, token, cancellation);
    }

    private ServerResponse Send(HttpRequestMessage request, SecretText? token, CancellationToken cancellation)
    {
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return _connection.Send(request, cancellation);
    }

    private void RequireSession(ServerResponse response, SecretText token)
    {
        if (response.Status != HttpStatusCode.Unauthorized)
        {
            RequireOk(response.Status);
            return;
        }

        var reason = ServerText.OnOneLine(ServerText.RefusalReason(response.Body.Content.Span), token, LongestReason);
        var quoted = reason.Length > 0 ? $" ('{reason}')" : "";
        throw new PgEdgeUsersException(
            FailureKind.SessionRefused,
            $"The server {Authority} does not accept the session{quoted}: it has ended, or the user was disabled or "
                + "removed. Sign in again.");
    }

    private PgEdgeUsersException Failed(string tool, string reason, SecretText token)
    {
        var words = ServerText.OnOneLine(reason, token, LongestToolError);
        return new PgEdgeUsersException(
            FailureKind.ToolFailed,
            $"The tool '{VisibleText.BeginningOf(tool)}' of {Authority} failed: "
                + (words.Length > 0 ? words : "the server gave no reason."));
    }

    private (SecureString Token, DateTime ExpiresAt) Issued(SecretBytes? text)
    {
        if (text is null
            || Parse(text, SignInJson.Default.IssuedToken, NoSignIn) is not
                { Success: true, SessionToken: { } token, ExpiresAt: { } time }
            || !ServerValues.TryTime(time, plain: false, out var expires))
        {
            throw _connection.Unexpected(NoSignIn);
        }

        if (expires <= DateTime.UtcNow)
            throw _connection.Unexpected("the session has already expired; check the clocks of both machines");
        using var characters = SecretText.From(token);
        return SessionToken.IsHeaderValue(characters.Value)
            ? (token, expires)
            : throw _connection.Unexpected("its token contains characters that cannot be sent back");
    }

    private PgEdgeUsersException Refused(string reason, SecureString password)
    {
        if (IsAbout("too many failed"))
        {
            return new PgEdgeUsersException(
                FailureKind.TooManyAttempts,
                $"The server {Authority} temporarily refuses sign-ins from this address after too many failed "
                    + "attempts. Wait, and then try again.");
        }

        // The server distinguishes a disabled account from a wrong password. This is not revealed to the person who
        // signs in.
        if (IsAbout("authentication failed") || IsAbout("username") || IsAbout("password"))
        {
            return new PgEdgeUsersException(
                FailureKind.AuthenticationFailed,
                $"Sign-in to {Authority} failed: the user name or password is wrong, or the account is disabled.");
        }

        using var secret = SecretText.From(password);
        if (reason.Length == 0 || ServerText.Reveals(reason, secret))
            return _connection.Unexpected("it reports an error without a reason that can be shown");
        return _connection.Unexpected($"it reports '{VisibleText.Of(VisibleText.Shortened(reason, LongestReason))}'");

        bool IsAbout(string beginning) => reason.StartsWith(beginning, StringComparison.Ordinal);
    }

    private void RequireOk(HttpStatusCode status)
    {
        if ((int)status is >= 300 and < 400)
            throw _connection.Unexpected("it is a redirect, and redirects are not followed with a password or token");
        if (status != HttpStatusCode.OK)
            throw _connection.Unexpected($"its HTTP status is {(int)status}");
    }

    private T Parse<T>(SecretBytes json, JsonTypeInfo<T> type, string complaint)
        where T : class =>
        Read(() => JsonSerializer.Deserialize(json.Content.Span, type), complaint)
            ?? throw _connection.Unexpected(complaint);

    private T Read<T>(Func<T> read, string complaint)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The cause is left out, because it may quote the response, which may contain a token.
            throw _connection.Unexpected(complaint);
        }
    }
}
