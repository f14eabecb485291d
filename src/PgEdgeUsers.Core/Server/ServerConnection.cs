using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Server;

/// <summary>An answer over HTTP. Its body may hold a token and is overwritten on disposal.</summary>
internal sealed record ServerResponse(HttpStatusCode Status, SecretBytes Body) : IDisposable
{
    public void Dispose() => Body.Dispose();
}

/// <summary>
/// HTTP as it must be where passwords and tokens are sent: no redirects, no cookies, no proxy that could read along,
/// and bounds on time and size.
/// </summary>
internal sealed partial class ServerConnection : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

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

    /// <summary>Sends a request and takes the whole answer.</summary>
    /// <exception cref="PgEdgeUsersException">There is none, or it is too large.</exception>
    public ServerResponse Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(_options.Timeout);
        try
        {
            // Not the synchronous calls, in which a name lookup ends neither with the time-out nor with Ctrl+C.
            return SendAsync(request, limited.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PgEdgeUsersException(
                FailureKind.ServerTimeout, $"The server {_address.Authority} did not answer within "
                    + $"{_options.Timeout.TotalSeconds:0.#} s. Try again.");
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

    /// <summary>The failure of an answer that is not what the protocol says.</summary>
    public PgEdgeUsersException Unexpected(string what) => new(
        FailureKind.ServerResponseInvalid, $"The answer of {_address.Authority} cannot be used: {what}. Is this the "
            + $"address of a pgEdge MCP server?");

    private async Task<ServerResponse> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        var body = new SecretBytes(MaxAnswerBytes);
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            while (body.Free.Length > 0
                && await stream.ReadAsync(body.Free, cancellation).ConfigureAwait(false) is var read and > 0)
            {
                body.Advance(read);
            }

            if (body.Free.Length == 0)
                throw Unexpected($"it is not smaller than {MaxAnswerBytes} bytes");
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
                $"The certificate of {_address.Authority} cannot be trusted: it {_certificateProblem}. Nothing was "
                    + $"sent. Correct the certificate.");
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.InvalidResponse => Unexpected("it is not HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => Unexpected("it is too large"),
            HttpRequestError.SecureConnectionError => Unreachable($"No encrypted connection to {_address.Authority} "
                + $"can be made: {Cause(e)}. Does the server speak HTTPS on this port?"),
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.ProxyTunnelError =>
                Unreachable($"The server {_address.Authority} cannot be reached{ThroughProxy()}: {Cause(e)}. Is it "
                    + $"running, and the address right?"),
            _ => Broken(e),
        };
    }

    /// <summary>
    /// The proxy on the way, to speak of it: without the name and password that its address can have.
    /// </summary>
    private string ThroughProxy() =>
        _address.MayUseProxy && HttpClient.DefaultProxy.GetProxy(_address.Rpc) is { } proxy && proxy != _address.Rpc
        ? $" through the proxy {proxy.Authority}"
        : "";

    private PgEdgeUsersException Broken(Exception e) => Unreachable($"The connection to {_address.Authority} broke: "
        + $"{Cause(e)}. Try again.");

    private static PgEdgeUsersException Unreachable(string message) => new(FailureKind.ServerUnreachable, message);

    /// <summary>
    /// What .NET says, without the name and password that a proxy's address in it may contain. The exception itself is
    /// not kept as a cause for the same reason.
    /// </summary>
    private static string Cause(Exception e) => Credentials().Replace(e.GetBaseException().Message.TrimEnd('.'), "//");

    [GeneratedRegex("//[^/\\s]*@")]
    private static partial Regex Credentials();
}
