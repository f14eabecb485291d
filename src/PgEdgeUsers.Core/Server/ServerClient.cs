using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Sessions;

namespace PgEdgeUsers.Core.Server;

/// <summary>Sign-in at a running server: JSON-RPC over HTTP, as the server answered when it was observed.</summary>
public sealed class ServerClient : IDisposable
{
    private const string NoSignIn = "it is not the JSON that a sign-in gives";
    private const string NoUser = "it is not the JSON that tells who is signed in";
    private const int LongestReason = 200;

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
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, _address.Rpc) { Content = content };
            using var response = _connection.Send(request, cancellation);
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
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json.Content.Span, type) ?? throw _connection.Unexpected(complaint);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Without the cause: the answer may hold a token and is not shown.
            throw _connection.Unexpected(complaint);
        }
    }
}
