namespace PgEdgeUsers.Core.Server;

/// <summary>The address of a server to which a password may be sent, and the addresses of its services.</summary>
internal sealed class ServerAddress
{
    private const string RpcPath = "/mcp/v1";

    private readonly Uri _server;

    /// <summary>Checks an address.</summary>
    /// <param name="server">
    /// With or without the path <c>/mcp/v1</c>, and below any path that a gateway puts before it.
    /// </param>
    /// <param name="allowUnencrypted">Whether plain HTTP to another machine is allowed.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidServerUri"/>. The address is not in the message: it may have a password in it.
    /// </exception>
    public ServerAddress(Uri server, bool allowUnencrypted)
    {
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp))
            throw Invalid("The address is not that of a server. Write it as https://host:port.");
        if (server.UserInfo.Length > 0)
            throw Invalid("The address contains a user name or password. Give them as the credential to sign in with.");
        _server = server;
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback && !allowUnencrypted)
        {
            throw Invalid(
                $"Plain HTTP to {Authority} is not encrypted: passwords and tokens could be read on the way. Use "
                    + $"https, or allow unencrypted authentication where the network is trusted.",
                isUnencrypted: true);
        }
    }

    /// <summary>
    /// Host and port, for messages. A name with characters other than ASCII is in its network form, because it may only
    /// look like another name.
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

    /// <summary>Sign-in and tools.</summary>
    public Uri Rpc => At(RpcPath);

    /// <summary>The user of a token.</summary>
    public Uri UserInfo => At("/api/user/info");

    /// <summary>
    /// Whether the system's proxy may be used. Only for what it cannot read: it would see every password that is sent
    /// unencrypted, and what is meant for this machine is not meant for another.
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
