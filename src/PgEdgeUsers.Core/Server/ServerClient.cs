using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Security.Cryptography;
using System.Text;
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
    /// <param name="options">How it is spoken to.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.InvalidServerUri"/>.</exception>
    public ServerClient(Uri server, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        _address = new ServerAddress(server, options.AllowUnencrypted);
        _connection = new ServerConnection(_address, options);
    }

    /// <summary>Host and port, to speak of the server.</summary>
    public string Authority => _address.Authority;

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Signs a user in.</summary>
    /// <returns>The token, and when it expires in UTC.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// The server refuses, cannot be reached, or answers what it should not.
    /// </exception>
    public (SecureString Token, DateTime ExpiresAt) SignIn(string username, SecureString password, CancellationToken cancellation = default)
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
    /// <returns>The user name; null when the server does not know the token.</returns>
    /// <exception cref="PgEdgeUsersException">The server cannot be reached, or answers what it should not.</exception>
    public string? WhoIs(SecureString token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        using var text = SecretText.From(token);
        if (!SessionToken.IsHeaderValue(text.Value))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, _address.UserInfo);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", text.Value);
        using var response = _connection.Send(request, cancellation);
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
            throw _connection.Unexpected($"it reports '{Quoted(Read(() => error.Text, NoTools), secret, LongestReason)}'");
        return answer.Result?.Tools is { } tools ? Read(() => tools.Select(ServerTool.From).ToArray(), NoTools) : throw _connection.Unexpected(NoTools);
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="token">The token of the session.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, as a JSON object in UTF-8.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The texts that the tool returned; content of another type as its JSON.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.ToolFailed"/>: with the text of the tool's error. <see cref="FailureKind.SessionRefused"/>:
    /// the server does not accept the token. Any other kind: it cannot be reached, or gives an invalid response.
    /// </exception>
    public IReadOnlyList<string> CallTool(SecureString token, string name, ReadOnlyMemory<byte> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var secret = Bearer(token);
        using var response = Post(ToolRequest.Call(name, arguments.Span), secret, cancellation);
        RequireSession(response, secret);
        var answer = Parse(response.Body, ToolJson.Default.ToolCallAnswer, NoResult);
        if (answer.Error is { } error)
            throw Failed(name, Read(() => error.Text, NoResult), secret);
        if (answer.Result?.Content is not { } content)
            throw _connection.Unexpected(NoResult);
        var texts = Read(() => content.Select(TextOf).ToArray(), NoResult);
        return answer.Result.IsError ? throw Failed(name, string.Join(' ', texts), secret) : texts;
    }

    private static string TextOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : content.GetRawText();

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
            FailureKind.SessionRefused, $"The token contains characters that no token of {Authority} has. Nothing was sent. Sign in again.");
    }

    private ServerResponse Post(byte[] body, SecretText? token, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, _address.Rpc) { Content = content };
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

        var reason = Quoted(ReasonOf401(response.Body.Content.Span), token, LongestReason);
        throw new PgEdgeUsersException(
            FailureKind.SessionRefused, $"The server {Authority} does not accept the session{(reason.Length > 0 ? $" ('{reason}')" : "")}. It has ended, "
                + "or the user was disabled or removed. Sign in again.");
    }

    /// <summary>Why a call was refused: text from older servers, JSON from newer ones.</summary>
    private static string ReasonOf401(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ToolJson.Default.RefusedCall)?.Error ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(body);
        }
    }

    private PgEdgeUsersException Failed(string tool, string reason, SecretText token) => new(
        FailureKind.ToolFailed, $"The tool '{VisibleText.BeginningOf(tool)}' of {Authority} failed: "
            + $"{(Quoted(reason, token, LongestToolError) is { Length: > 0 } quoted ? quoted : "it gives no reason.")}");

    /// <summary>Words of the server on one line; none if they repeat the token.</summary>
    private static string Quoted(string text, SecretText token, int length) => text.Contains(token.Value, StringComparison.OrdinalIgnoreCase)
        ? "(a reason that cannot be shown)"
        : VisibleText.Of(VisibleText.Shortened(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), length));

    private (SecureString Token, DateTime ExpiresAt) Issued(SecretBytes? text)
    {
        if (text is null
            || Parse(text, SignInJson.Default.IssuedToken, NoSignIn) is not { Success: true, SessionToken: { } token, ExpiresAt: { } time }
            || !ServerValues.TryTime(time, plain: false, out var expires))
        {
            throw _connection.Unexpected(NoSignIn);
        }

        if (expires <= DateTime.UtcNow)
            throw _connection.Unexpected("the session has already expired; check the clocks of both machines");
        using var characters = SecretText.From(token);
        return SessionToken.IsHeaderValue(characters.Value) ? (token, expires) : throw _connection.Unexpected("its token is none that can be sent back");
    }

    private PgEdgeUsersException Refused(string reason, SecureString password)
    {
        if (reason.StartsWith("too many failed", StringComparison.Ordinal))
        {
            return new PgEdgeUsersException(FailureKind.TooManyAttempts, $"The server {_address.Authority} takes no "
                + $"sign-ins from this address for a while, after too many that failed. Wait, then try again.");
        }

        // The server tells a disabled account from a wrong password; who signs in is not told.
        if (reason.StartsWith("authentication failed", StringComparison.Ordinal) || reason.StartsWith("username", StringComparison.Ordinal) || reason.StartsWith("password", StringComparison.Ordinal))
        {
            return new PgEdgeUsersException(FailureKind.AuthenticationFailed, $"Sign-in at {_address.Authority} "
                + $"failed: the user name or password is wrong, or the account is disabled.");
        }

        using var secret = SecretText.From(password);
        if (reason.Length == 0 || (secret.Value.Length > 0 && reason.Contains(secret.Value, StringComparison.OrdinalIgnoreCase)))
            return _connection.Unexpected("it reports an error without a reason that can be shown");
        return _connection.Unexpected($"it reports '{VisibleText.Of(VisibleText.Shortened(reason, LongestReason))}'");
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
        Read(() => JsonSerializer.Deserialize(json.Content.Span, type), complaint) ?? throw _connection.Unexpected(complaint);

    private T Read<T>(Func<T> read, string complaint)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Without the cause: the answer may hold a token and is not shown.
            throw _connection.Unexpected(complaint);
        }
    }
}
