using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>How a server is spoken to; named as the parameters of Invoke-RestMethod.</summary>
/// <param name="SkipCertificateCheck">Whether any certificate is trusted.</param>
/// <param name="AllowUnencrypted">Whether plain HTTP to another machine is allowed.</param>
/// <param name="Timeout">How long a whole answer may take.</param>
public sealed record ServerOptions(bool SkipCertificateCheck, bool AllowUnencrypted, TimeSpan Timeout);

/// <summary>Sign-in at a running server: JSON-RPC over HTTP, as the server answered when it was observed.</summary>
public sealed class ServerClient : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly Uri _server;
    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;

    [SuppressMessage("Security", "CA5359", Justification = "Only where the caller asks for it, by a parameter named for what it does.")]
    private static readonly RemoteCertificateValidationCallback TrustAny = (_, _, _, _) => true;

    /// <summary>A client of one server.</summary>
    /// <param name="server">The server's address, with or without its path <c>/mcp/v1</c>.</param>
    /// <param name="options">How it is spoken to.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.InvalidServerUri"/>.</exception>
    public ServerClient(Uri server, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        Require(server, options);
        _server = server;
        _timeout = options.Timeout;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = options.SkipCertificateCheck ? TrustAny : null },
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Signs a user in.</summary>
    /// <returns>The token, and when it expires in UTC.</returns>
    /// <exception cref="PgEdgeUsersException">The server refuses, cannot be reached, or answers what it should not.</exception>
    public (SecureString Token, DateTime ExpiresAt) SignIn(string username, SecureString password, CancellationToken cancellation = default)
    {
        var body = SignInRequest(username, password);
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, Address("mcp/v1")) { Content = content };
            var answer = Send(request, cancellation);
            try
            {
                return ReadSignIn(answer);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(answer);
            }
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
        using var text = SecretText.From(token);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("api/user/info"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", text.Value);
        try
        {
            using var json = JsonDocument.Parse(Send(request, cancellation));
            return json.RootElement.GetProperty("authenticated").GetBoolean() ? json.RootElement.GetProperty("username").GetString() : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unexpected("it is not the JSON that tells who is signed in");
        }
    }

    private static void Require(Uri server, ServerOptions options)
    {
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp))
            throw new PgEdgeUsersException(FailureKind.InvalidServerUri, $"'{server}' is no address of a server. Write it as https://host:port.");
        if (server.UserInfo.Length > 0)
            throw new PgEdgeUsersException(FailureKind.InvalidServerUri, "The address has a user name or password in it. Give them with -Credential.");
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback && !options.AllowUnencrypted)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidServerUri,
                $"'{server}' is not encrypted: the password could be read on the way. Use https, or -AllowUnencryptedAuthentication where the network is trusted.");
        }
    }

    private Uri Address(string path)
    {
        var start = _server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (start.EndsWith("/mcp/v1", StringComparison.Ordinal))
            start = start[..^"/mcp/v1".Length];
        return new Uri($"{start}/{path}");
    }

    private static byte[] SignInRequest(string username, SecureString password)
    {
        using var text = SecretText.From(password);
        // Large enough for every character as a six-byte escape, so that the buffer is never copied as it grows.
        var buffer = new byte[256 + (6 * (username.Length + text.Value.Length))];
        using var stream = new MemoryStream(buffer);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", 1);
            json.WriteString("method", "tools/call");
            json.WriteStartObject("params");
            json.WriteString("name", "authenticate_user");
            json.WriteStartObject("arguments");
            json.WriteString("username", username);
            json.WriteString("password", text.Value);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var body = buffer[..(int)stream.Position];
        CryptographicOperations.ZeroMemory(buffer);
        return body;
    }

    private byte[] Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(_timeout);
        try
        {
            using var response = _client.Send(request, HttpCompletionOption.ResponseContentRead, limited.Token);
            if ((int)response.StatusCode is >= 300 and < 400)
                throw Unexpected("it redirects elsewhere, which is not followed with a password");
            if (response.StatusCode != HttpStatusCode.OK)
                throw Unexpected($"the status is {(int)response.StatusCode} {response.ReasonPhrase}");
            using var body = response.Content.ReadAsStream(limited.Token);
            var answer = new byte[body.Length];
            body.ReadExactly(answer);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PgEdgeUsersException(FailureKind.ServerTimeout, $"The server {_server.Authority} did not answer within {_timeout.TotalSeconds:0.#} s. Try again, or allow more with -TimeoutSec.");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw Unexpected($"it is larger than {MaxAnswerBytes} bytes");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new PgEdgeUsersException(
                FailureKind.ServerCertificateInvalid,
                $"The certificate of {_server.Authority} cannot be trusted: {e.InnerException.Message.TrimEnd('.')}. Correct it; -SkipCertificateCheck is for tests.",
                e);
        }
        catch (HttpRequestException e)
        {
            throw new PgEdgeUsersException(FailureKind.ServerUnreachable, $"The server {_server.Authority} cannot be reached: {e.Message.TrimEnd('.')}. Is it running, and the address right?", e);
        }
        catch (IOException e)
        {
            throw new PgEdgeUsersException(FailureKind.ServerUnreachable, $"The connection to {_server.Authority} broke: {e.Message.TrimEnd('.')}. Try again.", e);
        }
    }

    private (SecureString Token, DateTime ExpiresAt) ReadSignIn(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.TryGetProperty("error", out var error))
                throw Refused(error);
            using var content = JsonDocument.Parse(json.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
            var result = content.RootElement;
            if (result.GetProperty("success").GetBoolean()
                && result.GetProperty("session_token").GetString() is { Length: > 0 } token
                && Document.ServerValues.TryTime(result.GetProperty("expires_at").GetString() ?? "", plain: false, out var expires))
            {
                return (Secure(token), expires);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or ArgumentNullException)
        {
            // Told below: the answer may hold a token and is not shown.
        }

        throw Unexpected("it is not the JSON that a sign-in gives");
    }

    private PgEdgeUsersException Refused(JsonElement error)
    {
        var data = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("data", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        if (data.StartsWith("too many failed", StringComparison.Ordinal))
            return new PgEdgeUsersException(FailureKind.TooManyAttempts, $"The server {_server.Authority} takes no sign-ins from this address for a while, after too many that failed. Wait, then try again.");
        // The server tells a disabled account from a wrong password; who signs in is not told.
        if (data.StartsWith("authentication failed", StringComparison.Ordinal) || data.StartsWith("username", StringComparison.Ordinal) || data.StartsWith("password", StringComparison.Ordinal))
            return new PgEdgeUsersException(FailureKind.AuthenticationFailed, $"Sign-in at {_server.Authority} failed: the user name or password is wrong, or the account is disabled.");
        return Unexpected(data.Length > 0 ? $"it reports '{VisibleText.Of(data.Length <= 200 ? data : data[..200])}'" : "it reports an error without a reason");
    }

    private PgEdgeUsersException Unexpected(string what) => new(
        FailureKind.ServerResponseInvalid, $"The answer of {_server.Authority} cannot be used: {what}. Is this the address of a pgEdge MCP server?");

    private static SecureString Secure(string token)
    {
        var secure = new SecureString();
        foreach (var c in token)
            secure.AppendChar(c);
        secure.MakeReadOnly();
        return secure;
    }
}
