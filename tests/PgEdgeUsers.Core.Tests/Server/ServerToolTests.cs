using System.Text;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>Listing and calling the tools of a server, in both of its generations.</summary>
public sealed class ServerToolTests : ServerTest, IDisposable
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();

    private TestServer _server = Start(ServerGeneration.December2025);

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(ServerGeneration.December2025)]
    [InlineData(ServerGeneration.August2026)]
    internal void A_session_lists_and_calls_tools_until_the_user_is_disabled(ServerGeneration generation)
    {
        Use(generation);
        using var client = Client(_server.Address);
        var token = client.SignIn("alice", Store.Secure(Password)).Token;

        Assert.Equal(["query_database", "list_tables", "echo"], client.ListTools(token).Select(tool => tool.Name));
        Assert.Equal(
            ["{\"text\":\"日本\"}"], client.CallTool(token, "echo", Encoding.UTF8.GetBytes("{\"text\":\"日本\"}")));

        _server.SetUser("alice", Password, enabled: false);
        AssertRefused("Invalid or unknown token", () => client.CallTool(token, "echo", NoArguments));
        AssertRefused("Invalid or unknown token", () => client.ListTools(token));

        // The account is enabled again, and with it the same session.
        _server.SetUser("alice", Password);
        Assert.Equal(["{}"], client.CallTool(token, "echo", NoArguments));
    }

    [Theory]
    [InlineData(ServerGeneration.December2025)]
    [InlineData(ServerGeneration.August2026)]
    internal void A_session_ends_with_its_time_a_new_sign_in_a_restart_or_the_removal_of_the_user(
        ServerGeneration generation)
    {
        Use(generation);
        using var client = Client(_server.Address);
        Action[] ends =
        [
            () => _server.Advance(TimeSpan.FromHours(24.5)),
            () => client.SignIn("alice", Store.Secure(Password)),
            () => _server.EndSession("alice"),
            () => _server.RemoveUser("alice"),
        ];

        foreach (var end in ends)
        {
            var token = client.SignIn("alice", Store.Secure(Password)).Token;
            Assert.NotEmpty(client.ListTools(token));
            end();
            AssertRefused("Invalid or unknown token", () => client.ListTools(token));
        }
    }

    [Theory]
    [InlineData(ServerGeneration.December2025)]
    [InlineData(ServerGeneration.August2026)]
    internal void After_ten_failed_sign_ins_the_server_takes_none_for_15_minutes(ServerGeneration generation)
    {
        Use(generation);
        using var client = Client(_server.Address);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(FailureKind.AuthenticationFailed,
                FailureOf(() => client.SignIn("alice", Store.Secure("not the right password"))).Kind);
        }

        Assert.Equal(FailureKind.TooManyAttempts, FailureOf(() => client.SignIn("alice", Store.Secure(Password))).Kind);

        _server.Advance(TimeSpan.FromMinutes(16));
        Assert.NotEmpty(client.ListTools(client.SignIn("alice", Store.Secure(Password)).Token));
    }

    [Fact]
    public void A_tool_has_the_names_of_its_arguments_and_its_schema()
    {
        using var client = Client(_server.Address);

        var tool = client.ListTools(client.SignIn("alice", Store.Secure(Password)).Token)[0];

        Assert.StartsWith("Execute a SQL query.", tool.Description, StringComparison.Ordinal);
        Assert.Equal(["query", "limit"], tool.Arguments);
        Assert.Equal(["query"], tool.RequiredArguments);
        Assert.StartsWith("{\"type\":\"object\"", tool.InputSchema, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "", "")]
    [InlineData("""{"name":"a","description":null,"inputSchema":null}""", "", "")]
    [InlineData("""{"name":"a","inputSchema":[1]}""", "", "")]
    [InlineData("""{"name":"a","inputSchema":{"properties":[],"required":{}}}""", "", "")]
    [InlineData("""{"name":"a","inputSchema":{"properties":{"b":1,"c":null},"required":["b",2]}}""", "b c", "b")]
    public void A_tool_may_lack_anything_but_its_name(string tool, string arguments, string required)
    {
        _server.Instead = Answers.Text(200, "{\"result\":{\"tools\":[" + tool + "]}}");
        using var client = Client(_server.Address);

        var listed = Assert.Single(client.ListTools(Store.Secure(Token)));

        Assert.Equal(
            (arguments, required), (string.Join(' ', listed.Arguments), string.Join(' ', listed.RequiredArguments)));
    }

    [Theory]
    [InlineData("""{"result":{"tools":[null]}}""")]
    [InlineData("""{"result":{"tools":[{}]}}""")]
    [InlineData("""{"result":{"tools":[{"name":""}]}}""")]
    [InlineData("""{"result":{"tools":[{"name":1}]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"\ud800"}]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a","inputSchema":{"properties":{"\ud800":1}}}]}}""")]
    [InlineData("""{"result":{"tools":{}}}""")]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":null}""")]
    [InlineData("""{"error":"no"}""")]
    [InlineData("""{"error":{"message":"Method not found"}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_not_a_list_of_tools_cannot_be_used(string answer)
    {
        _server.Instead = Answers.Text(200, answer);
        using var client = Client(_server.Address);

        Assert.Equal(FailureKind.ServerResponseInvalid, FailureOf(() => client.ListTools(Store.Secure(Token))).Kind);
    }

    [Theory]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":{"content":null}}""")]
    [InlineData("""{"result":{"content":{}}}""")]
    [InlineData("""{"result":{"content":[{"type":"text","text":"\ud800"}]}}""")]
    [InlineData("""{"result":{"content":[],"isError":"yes"}}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    [InlineData("""{"result":{"content":[{"type":"te""")]
    [InlineData("<!DOCTYPE html>")]
    public void What_is_not_the_result_of_a_tool_cannot_be_used(string answer)
    {
        _server.Instead = Answers.Text(200, answer);
        using var client = Client(_server.Address);

        Assert.Equal(FailureKind.ServerResponseInvalid,
            FailureOf(() => client.CallTool(Store.Secure(Token), "echo", NoArguments)).Kind);
    }

    [Theory]
    [InlineData("""{"result":{"content":[]}}""", "")]
    [InlineData("""{"result":{"content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}}""", "one|two")]
    [InlineData(
        """{"result":{"content":[{"type":"image","data":"AAAA"}],"isError":false},"error":null}""",
        """{"type":"image","data":"AAAA"}""")]
    [InlineData("""{"result":{"content":[null,{"text":1}]}}""", """null|{"text":1}""")]
    public void A_result_is_its_texts_and_other_content_its_JSON(string answer, string expected)
    {
        _server.Instead = Answers.Text(200, answer);
        using var client = Client(_server.Address);

        Assert.Equal(expected, string.Join('|', client.CallTool(Store.Secure(Token), "echo", NoArguments)));
    }

    [Fact]
    public void The_error_of_a_tool_is_a_failure_with_its_text_on_one_line()
    {
        using var client = Client(_server.Address);
        var token = client.SignIn("alice", Store.Secure(Password)).Token;

        var failure = FailureOf(() => client.CallTool(token, "query_database", "{\"query\":\"selekt\"}"u8.ToArray()));

        Assert.Equal(FailureKind.ToolFailed, failure.Kind);
        Assert.Equal(
            $"The tool 'query_database' of 127.0.0.1:{_server.Port} failed: SQL Query: selekt "
                + "Error executing query: ERROR: syntax error (SQLSTATE 42601)",
            failure.Message);
    }

    [Fact]
    public void An_error_of_the_protocol_is_a_failure_of_the_tool()
    {
        _server.Instead = Answers.ToolError("no database\u001b[31m connection");
        using var client = Client(_server.Address);

        var failure = FailureOf(() => client.CallTool(Store.Secure(Token), "echo", NoArguments));

        Assert.Equal(FailureKind.ToolFailed, failure.Kind);
        Assert.EndsWith(
            @"failed: Internal error: no database\u{1B}[31m connection", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_token_is_not_repeated_in_a_failure_that_the_server_explains_with_it()
    {
        using var client = Client(_server.Address);
        Answer[] answers =
        [
            Answers.ToolFailure($"Bearer {Token}"),
            Answers.ToolError(Token),
            Answers.Text(401, $"unknown token {Token}"),
            Answers.Content(
                401, "application/json", Encoding.UTF8.GetBytes($$"""{"error":"unknown token {{Token}}"}""")),
        ];

        foreach (var answer in answers)
        {
            _server.Instead = answer;
            Assert.Contains("cannot be shown", FailureOf(() =>
                client.CallTool(Store.Secure(Token), "echo", NoArguments)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("Wörter")]
    public void Text_that_cannot_be_a_token_is_not_sent(string token)
    {
        using var client = Client(_server.Address);

        Assert.Equal(FailureKind.SessionRefused, FailureOf(() => client.ListTools(Store.Secure(token))).Kind);

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void A_redirect_is_not_followed_and_a_large_or_late_result_is_cut_off()
    {
        using var other = new TestServer();
        (FailureKind, Answer)[] cases =
        [
            (FailureKind.ServerResponseInvalid,
                Answers.Content(307, "text/plain", [], $"Location: {other.Address}/mcp/v1")),
            (FailureKind.ServerResponseInvalid, Answers.ToolResult(new string('x', 1024 * 1024))),
            (FailureKind.ServerTimeout, Answers.Never),
        ];

        foreach (var (expected, answer) in cases)
        {
            _server.Instead = answer;
            using var client = Client(_server.Address, timeout: TimeSpan.FromSeconds(1));
            Assert.Equal(expected, FailureOf(() => client.CallTool(Store.Secure(Token), "echo", NoArguments)).Kind);
        }

        Assert.Empty(other.Requests);
    }

    private static TestServer Start(ServerGeneration generation)
    {
        var server = new TestServer(generation: generation);
        server.SetUser("alice", Password);
        return server;
    }

    private static void AssertRefused(string reason, Action action)
    {
        var failure = FailureOf(action);
        Assert.Equal(FailureKind.SessionRefused, failure.Kind);
        Assert.Contains($"does not accept the session ('{reason}')", failure.Message, StringComparison.Ordinal);
    }

    private void Use(ServerGeneration generation)
    {
        _server.Dispose();
        _server = Start(generation);
    }
}
