using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Server;

/// <summary>An HTTP response. Its body may contain a token and is overwritten on disposal.</summary>
internal sealed record ServerResponse(HttpStatusCode Status, SecretBytes Body) : IDisposable
{
    public void Dispose() => Body.Dispose();
}

/// <summary>
/// Sends HTTP requests that contain passwords and tokens: no redirects, no cookies, no proxy that could read them, and
/// limits on the time and size of the response.
/// </summary>
internal sealed partial class ServerConnection : IDisposable
{
    private const int MaxResponseBytes = 1024 * 1024;

    private readonly ServerAddress _address;
    private readonly ServerOptions _options;
    private readonly HttpClient _client;
    private string _certificateProblem = "";

    public ServerConnection(ServerAddress address, ServerOptions options)
    {
        _address = address;
        _options = options;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = address.MayUseProxy,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, _, chain, errors) => IsTrusted(chain, errors),
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a request and reads the whole response.</summary>
    /// <exception cref="PgEdgeUsersException">There is no response, or it is too large.</exception>
    public ServerResponse Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(_options.Timeout);
        try
        {
            // The synchronous methods are not used: neither the time-out nor Ctrl+C cancels their DNS lookups.
            return SendAsync(request, limited.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PgEdgeUsersException(
                FailureKind.ServerTimeout,
                $"The server {_address.Authority} did not respond within {_options.Timeout.TotalSeconds:0.#} s. "
                    + "Try again.");
        }
        catch (HttpRequestException e)
        {
            throw Explain(e);
        }
        catch (IOException e)
        {
            throw Broken(e);
        }
    }

    /// <summary>Creates the failure for a response that does not follow the protocol.</summary>
    public PgEdgeUsersException Unexpected(string what) => new(
        FailureKind.ServerResponseInvalid,
        $"The response of {_address.Authority} is invalid: {what}. Check that this is the address of a pgEdge MCP "
            + "server.");

    private async Task<ServerResponse> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        var body = new SecretBytes(MaxResponseBytes);
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            while (body.Free.Length > 0
                && await stream.ReadAsync(body.Free, cancellation).ConfigureAwait(false) is var read and > 0)
            {
                body.Advance(read);
            }

            if (body.Free.Length == 0)
                throw Unexpected($"it is not smaller than {MaxResponseBytes} bytes");
            return new ServerResponse(response.StatusCode, body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private bool IsTrusted(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || _options.SkipCertificateCheck)
            return true;
        _certificateProblem = ServerCertificate.Problem(chain, errors);
        return false;
    }

    private PgEdgeUsersException Explain(HttpRequestException e)
    {
        if (_certificateProblem.Length > 0)
        {
            return new PgEdgeUsersException(
                FailureKind.ServerCertificateInvalid,
                $"The certificate of {_address.Authority} is not trusted: it {_certificateProblem}. Nothing was sent. "
                    + "Correct the certificate.");
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.InvalidResponse => Unexpected("it is not HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => Unexpected("it is too large"),
            HttpRequestError.SecureConnectionError => Unreachable(
                $"Cannot open an encrypted connection to {_address.Authority}: {Cause(e)}. Check that the server uses "
                    + "HTTPS on this port."),
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.ProxyTunnelError => Unreachable(
                    $"The server {_address.Authority} cannot be reached{ThroughProxy()}: {Cause(e)}. Check that the "
                        + "server is running and that the address is correct."),
            _ => Broken(e),
        };
    }

    /// <summary>
    /// The proxy in use, as part of a sentence, without the user name and password that its address may contain.
    /// </summary>
    private string ThroughProxy() =>
        _address.MayUseProxy && HttpClient.DefaultProxy.GetProxy(_address.Rpc) is { } proxy && proxy != _address.Rpc
        ? $" through the proxy {proxy.Authority}"
        : "";

    private PgEdgeUsersException Broken(Exception e) =>
        Unreachable($"The connection to {_address.Authority} was lost: {Cause(e)}. Try again.");

    private static PgEdgeUsersException Unreachable(string message) => new(FailureKind.ServerUnreachable, message);

    /// <summary>
    /// The message of a .NET exception, without the user name and password of a proxy address that it may contain. For
    /// the same reason, the exception is not kept as the inner exception.
    /// </summary>
    private static string Cause(Exception e) => Credentials().Replace(e.GetBaseException().Message.TrimEnd('.'), "//");

    [GeneratedRegex("//[^/\\s]*@")]
    private static partial Regex Credentials();
}
