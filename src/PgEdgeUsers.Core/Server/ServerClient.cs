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
/// Calls of a running server: sign-in, the user of a token, and tools. JSON-RPC over HTTP, as both generations of the
/// server answered when they were observed.
/// </summary>
public sealed class ServerClient : IDisposable
{
    private const string NoSignIn = "it is not the JSON that a sign-in gives";
    private const string NoUser = "it is not the JSON that tells who is signed in";
    private const string NoTools = "it is not the JSON of a list of tools";
    private const string NoResult = "it is not the JSON that a tool returns";
    private const int LongestReason = 200;
    private const int LongestToolError = 2000;

    private readonly ServerAddress _address;
    private readonly ServerConnection _connection;

    /// <summary>A client of one server.</summary>
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

    /// <summary>Host and port, for messages.</summary>
    public string Authority => _address.Authority;

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Signs a user in.</summary>
    /// <returns>The token, and when it expires in UTC.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server refuses, cannot be reached, or gives an invalid response.
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
            var answer = Parse(response.Body, SignInJson.Default.SignInAnswer, NoSignIn);
            using var text = answer.Text;
            return answer.Error is null ? Issued(text) : throw Refused(answer.Reason, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <summary>Asks whose session a token is.</summary>
    /// <returns>The user name; null if the server does not know the token.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server cannot be reached, or gives an invalid response.
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

    /// <summary>Asks for the tools that the server offers.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.SessionRefused"/>: the server does not accept the token. Any other kind: it cannot be
    /// reached, or gives an invalid response.
    /// </exception>
    public IReadOnlyList<ServerTool> ListTools(SecureString token, CancellationToken cancellation = default)
    {
        using var secret = Bearer(token);
        using var response = Post(ToolRequest.List, secret, cancellation);
        RequireSession(response, secret);
        var answer = Parse(response.Body, ToolJson.Default.ToolListAnswer, NoTools);
        if (answer.Error is { } error)
        {
            var reason = Read(() => error.Text, NoTools);
            throw _connection.Unexpected($"it reports '{ServerWords.OnOneLine(reason, secret, LongestReason)}'");
        }

        return answer.Result?.Tools is { } tools
            ? Read(() => tools.Select(ServerTool.From).ToArray(), NoTools)
            : throw _connection.Unexpected(NoTools);
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="token">The token of the session.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, as a JSON object in UTF-8.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The texts that the tool returned; content of another type as its JSON.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.ToolFailed"/>: with the text of the tool's error.
    /// <see cref="FailureKind.SessionRefused"/>: the server does not accept the token. Any other kind: it cannot be
    /// reached, or gives an invalid response.
    /// </exception>
    public IReadOnlyList<string> CallTool(
        SecureString token, string name, ReadOnlyMemory<byte> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var secret = Bearer(token);
        using var response = Post(ToolRequest.Call(name, arguments.Span), secret, cancellation);
        RequireSession(response, secret);
        var answer = Parse(response.Body, ToolJson.Default.ToolCallAnswer, NoResult);
        if (answer.Error is { } error)
            throw Failed(name, Read(() => error.Text, NoResult), secret);
        if (answer.Result is not { Content: not null } result)
            throw _connection.Unexpected(NoResult);
        var texts = Read(() => result.Texts.ToArray(), NoResult);
        return result.IsError ? throw Failed(name, string.Join(' ', texts), secret) : texts;
    }

    /// <summary>A token that can be sent in a header.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.SessionRefused"/>: it cannot, so no server gave it out.
    /// </exception>
    private SecretText Bearer(SecureString token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var secret = SecretText.From(token);
        if (SessionToken.IsHeaderValue(secret.Value))
            return secret;
        secret.Dispose();
        throw new PgEdgeUsersException(
            FailureKind.SessionRefused, $"The token contains characters that no token of {Authority} has. Nothing was "
                + "sent. Sign in again.");
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

        var reason = ServerWords.OnOneLine(ServerWords.OfRefusedCall(response.Body.Content.Span), token, LongestReason);
        var quoted = reason.Length > 0 ? $" ('{reason}')" : "";
        throw new PgEdgeUsersException(
            FailureKind.SessionRefused, $"The server {Authority} does not accept the session{quoted}. It has ended, or "
                + "the user was disabled or removed. Sign in again.");
    }

    private PgEdgeUsersException Failed(string tool, string reason, SecretText token)
    {
        var words = ServerWords.OnOneLine(reason, token, LongestToolError);
        return new PgEdgeUsersException(
            FailureKind.ToolFailed, $"The tool '{VisibleText.BeginningOf(tool)}' of {Authority} failed: "
                + (words.Length > 0 ? words : "it gives no reason."));
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
                FailureKind.TooManyAttempts, $"The server {Authority} takes no sign-ins from this address for a while, "
                    + "after too many that failed. Wait, then try again.");
        }

        // The server distinguishes a disabled account from a wrong password; the person who signs in is not told.
        if (IsAbout("authentication failed") || IsAbout("username") || IsAbout("password"))
        {
            return new PgEdgeUsersException(
                FailureKind.AuthenticationFailed, $"Sign-in at {Authority} failed: the user name or password is wrong, "
                    + "or the account is disabled.");
        }

        using var secret = SecretText.From(password);
        if (reason.Length == 0 || ServerWords.Repeat(reason, secret))
            return _connection.Unexpected("it reports an error without a reason that can be shown");
        return _connection.Unexpected($"it reports '{VisibleText.Of(VisibleText.Shortened(reason, LongestReason))}'");

        bool IsAbout(string beginning) => reason.StartsWith(beginning, StringComparison.Ordinal);
    }

    private void RequireOk(HttpStatusCode status)
    {
        if ((int)status is >= 300 and < 400)
            throw _connection.Unexpected("it redirects elsewhere, which is not followed with a password or token");
        if (status != HttpStatusCode.OK)
            throw _connection.Unexpected($"its status is {(int)status}");
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
            // Without the cause: the answer may contain a token and is not shown.
            throw _connection.Unexpected(complaint);
        }
    }
}
