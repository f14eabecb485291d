namespace PgEdgeUsers.Core.Server;

/// <summary>A validated server address to which passwords may be sent, and the addresses of its endpoints.</summary>
internal sealed class ServerAddress
{
    private const string RpcPath = "/mcp/v1";

    private readonly Uri _server;

    /// <summary>Validates an address.</summary>
    /// <param name="server">
    /// The address, with or without the path <c>/mcp/v1</c>, which may follow the path of a gateway.
    /// </param>
    /// <param name="allowUnencrypted">Whether plain HTTP to another machine is allowed.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidServerUri"/>. The message omits the address, which may contain a password.
    /// </exception>
    public ServerAddress(Uri server, bool allowUnencrypted)
    {
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp))
            throw Invalid("The server address is not a complete HTTP or HTTPS address. Write it as https://host:port.");
        if (server.UserInfo.Length > 0)
        {
            throw Invalid(
                "The server address contains a user name or password. Specify them as the credential instead.");
        }

        _server = server;
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback && !allowUnencrypted)
        {
            throw Invalid(
                $"Plain HTTP to {Authority} is not encrypted: passwords and tokens could be read in transit. Use "
                    + "HTTPS, or allow unencrypted authentication if you trust the network.",
                isUnencrypted: true);
        }
    }

    /// <summary>
    /// The host and port, for messages. A host name with non-ASCII characters is in Punycode, because it may imitate
    /// another name.
    /// </summary>
    public string Authority
    {
        get
        {
            if (_server.HostNameType != UriHostNameType.Dns)
                return _server.Authority;
            return _server.IsDefaultPort ? _server.IdnHost : $"{_server.IdnHost}:{_server.Port}";
        }
    }

    /// <summary>The endpoint for sign-in and tools.</summary>
    public Uri Rpc => At(RpcPath);

    /// <summary>The endpoint that returns the user of a token.</summary>
    public Uri UserInfo => At("/api/user/info");

    /// <summary>
    /// Whether the system's proxy may be used: only for HTTPS, because it could read unencrypted passwords, and not for
    /// this machine, because requests to it must not leave it.
    /// </summary>
    public bool MayUseProxy => _server.Scheme == Uri.UriSchemeHttps && !_server.IsLoopback;

    private Uri At(string path)
    {
        var start = _server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (start.EndsWith(RpcPath, StringComparison.Ordinal))
            start = start[..^RpcPath.Length];
        return new Uri(start + path);
    }

    private static PgEdgeUsersException Invalid(string message, bool isUnencrypted = false) =>
        new(FailureKind.InvalidServerUri, message) { IsUnencrypted = isUnencrypted };
}
