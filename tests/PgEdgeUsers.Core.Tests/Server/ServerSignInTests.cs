using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>Signing in to a server that answers as the pgEdge MCP server does.</summary>
public sealed class ServerSignInTests : ServerTest, IDisposable
{
    private readonly TestServer _server = new();

    public ServerSignInTests() => _server.SetUser("alice", Password);

    public void Dispose() => _server.Dispose();

    [Fact]
    public void The_right_password_gives_a_token_for_24_hours_which_the_server_knows()
    {
        using var client = Client(_server.Address);

        var (token, expires) = client.SignIn("alice", Store.Secure(Password));

        Assert.Matches("^[-_A-Za-z0-9]{43}=$", Store.Text(token));
        Assert.InRange(expires, DateTime.UtcNow.AddHours(23), DateTime.UtcNow.AddHours(25));
        Assert.Equal("alice", client.WhoIs(token));
    }

    [Fact]
    public void A_name_with_any_characters_arrives_unchanged()
    {
        const string Name = "Zoë \"the\" \\ O'Brien";
        _server.SetUser(Name, Password);
        using var client = Client(_server.Address);

        Assert.Equal(Name, client.WhoIs(client.SignIn(Name, Store.Secure(Password)).Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/mcp/v1")]
    [InlineData("/mcp/v1/")]
    public void The_address_may_end_with_the_path_of_the_service(string ending)
    {
        Assert.Equal("alice", SignIn(_server.Address + ending));

        Assert.Equal(["POST /mcp/v1", "GET /api/user/info"], _server.Requests);
    }

    [Theory]
    [InlineData("/gateway/pgedge")]
    [InlineData("/gateway/pgedge/")]
    [InlineData("/gateway/pgedge/mcp/v1")]
    public void The_address_may_begin_with_the_path_of_a_gateway(string path)
    {
        using var server = new TestServer(basePath: "/gateway/pgedge");
        server.SetUser("alice", Password);

        Assert.Equal("alice", SignIn(server.Address + path));
    }

    [Fact]
    public void A_second_sign_in_ends_the_first_session()
    {
        using var client = Client(_server.Address);

        var first = client.SignIn("alice", Store.Secure(Password)).Token;
        var second = client.SignIn("alice", Store.Secure(Password)).Token;

        Assert.Null(client.WhoIs(first));
        Assert.Equal("alice", client.WhoIs(second));
    }

    [Fact]
    public void A_session_does_not_count_while_the_user_is_disabled()
    {
        using var client = Client(_server.Address);
        var token = client.SignIn("alice", Store.Secure(Password)).Token;

        _server.SetUser("alice", Password, enabled: false);
        Assert.Null(client.WhoIs(token));
        _server.SetUser("alice", Password);
        Assert.Equal("alice", client.WhoIs(token));
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("Wörter")]
    [InlineData("two words")]
    public void Text_that_cannot_be_a_token_is_not_sent(string token)
    {
        using var client = Client(_server.Address);

        Assert.Null(client.WhoIs(Store.Secure(token)));

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("text/plain", "Unauthorized\n")]
    [InlineData("application/json", "{\"error\":\"Unauthorized\"}")]
    [InlineData("application/json", "")]
    public void Status_401_means_that_the_server_does_not_know_the_token_whatever_the_body(string type, string body)
    {
        _server.Instead = Answers.Content(401, type, System.Text.Encoding.UTF8.GetBytes(body));
        using var client = Client(_server.Address);

        Assert.Null(client.WhoIs(Store.Secure(Token)));
    }

    [Fact]
    public void Cookies_are_not_sent_back()
    {
        var cookies = new List<string?>();
        _server.Instead = (request, stream, stop) =>
        {
            cookies.Add(request.Headers.GetValueOrDefault("Cookie"));
            var body = """{"authenticated":true,"username":"alice"}"""u8.ToArray();
            return Answers.Content(
                200, "application/json", body, "Set-Cookie: of=the-gateway; Path=/")(request, stream, stop);
        };
        using var client = Client(_server.Address);

        for (var i = 0; i < 2; i++)
            Assert.Equal("alice", client.WhoIs(Store.Secure(Token)));

        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, Assert.Null);
    }
}
