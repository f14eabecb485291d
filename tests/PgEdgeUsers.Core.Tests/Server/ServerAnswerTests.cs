using System.Text;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>
/// Each kind of failure of a sign-in at a server is reported as such, and no message contains a password or token.
/// </summary>
public sealed class ServerAnswerTests : ServerTest, IDisposable
{
    private const FailureKind Refused = FailureKind.AuthenticationFailed;
    private const FailureKind Unusable = FailureKind.ServerResponseInvalid;
    private const string Expiry = "2036-11-24T00:08:33Z";

    private static readonly Dictionary<string, (FailureKind Expected, Answer Answer)> Cases = new()
    {
        ["a wrong password"] = (Refused, Answers.ToolError("authentication failed: invalid username or password")),
        ["a disabled account"] = (Refused, Answers.ToolError("authentication failed: user account is disabled")),
        ["no name"] = (Refused, Answers.ToolError("username is required")),
        ["no password"] = (Refused, Answers.ToolError("password must be a non-empty string")),
        ["too many attempts"] = (FailureKind.TooManyAttempts,
            Answers.ToolError("too many failed authentication attempts from this IP address, please try again later")),
        ["an error without data"] = (Unusable,
            Answers.Json(new { jsonrpc = "2.0", id = 1, error = new { code = -32601, message = "Method not found" } })),
        ["an error with data that is not text"] = (Unusable, Answers.ToolError(new[] { 1, 2 })),
        ["an error that is not an object"] = (Unusable, Answers.Json(new { error = "no" })),
        ["an error of another kind"] = (Unusable, Answers.ToolError("database is on fire")),
        ["401 with text"] = (Unusable, Answers.Text(401, "Unauthorized\n")),
        ["401 with JSON"] = (Unusable,
            Answers.Content(401, "application/json", "{\"error\":\"Unauthorized\"}"u8.ToArray())),
        ["404"] = (Unusable, Answers.Text(404, "404 page not found\n")),
        ["429"] = (Unusable, Answers.Text(429, "slow down\n")),
        ["500"] = (Unusable, Answers.Text(500, "Internal Server Error\n")),
        ["204"] = (Unusable, Answers.Raw("HTTP/1.1 204 No Content\n\n")),
        ["a web page"] = (Unusable, Answers.Text(200, "<!DOCTYPE html><title>Welcome</title>")),
        ["nothing"] = (Unusable, Answers.Text(200, "")),
        ["null"] = (Unusable, Answers.Text(200, "null")),
        ["a list"] = (Unusable, Answers.Text(200, "[]")),
        ["a number"] = (Unusable, Answers.Text(200, "42")),
        ["truncated JSON"] = (Unusable,
            Answers.Text(200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"te")),
        ["JSON followed by more"] = (Unusable, Answers.Text(200, "{} {}")),
        ["deeply nested objects"] = (Unusable,
            Answers.Text(200, string.Concat(Enumerable.Repeat("{\"result\":", 100_000)))),
        ["deeply nested lists"] = (Unusable, Answers.Text(200, new string('[', 100_000))),
        ["text that is not UTF-8"] = (Unusable, Answers.Content(
            200, "application/json", Encoding.Latin1.GetBytes("{\"result\":{\"content\":[{\"text\":\"\xFF\"}]}}"))),
        ["half a surrogate pair"] = (Unusable, Answers.Text(200, """{"result":{"content":[{"text":"\ud800"}]}}""")),
        ["half a surrogate pair as the reason"] = (Unusable, Answers.Text(200, """{"error":{"data":"\ud800"}}""")),
        ["no result"] = (Unusable, Answers.Json(new { jsonrpc = "2.0", id = 1 })),
        ["an empty result"] = (Unusable, Answers.Json(new { result = (object?)null })),
        ["a result that is a list"] = (Unusable, Answers.Json(new { result = Array.Empty<int>() })),
        ["no content"] = (Unusable, Answers.Json(new { result = new { } })),
        ["empty content"] = (Unusable, Answers.Json(new { result = new { content = Array.Empty<int>() } })),
        ["content that is null"] = (Unusable, Answers.Json(new { result = new { content = new object?[] { null } } })),
        ["content that is not text"] = (Unusable,
            Answers.Json(new { result = new { content = new[] { new { type = "image", data = "AAAA" } } } })),
        ["text that is a number"] = (Unusable,
            Answers.Json(new { result = new { content = new[] { new { text = 1 } } } })),
        ["inner text that is not JSON"] = (Unusable, Answers.ToolResult("Authentication successful")),
        ["truncated inner JSON"] = (Unusable,
            Answers.ToolResult($"{{\"success\":true,\"session_token\":\"{Token}\",\"expires_at\":")),
        ["an inner list"] = (Unusable, Answers.ToolResult("[1]")),
        ["inner null"] = (Unusable, Answers.ToolResult("null")),
        ["no success"] = (Unusable,
            Answers.ToolResult(new { success = false, session_token = Token, expires_at = Expiry })),
        ["a session that has already expired"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = Token, expires_at = "2024-01-02T03:04:05Z" })),
        ["success as text"] = (Unusable,
            Answers.ToolResult(new { success = "true", session_token = Token, expires_at = Expiry })),
        ["no token"] = (Unusable, Answers.ToolResult(new { success = true, expires_at = Expiry })),
        ["a token that is null"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = (string?)null, expires_at = Expiry })),
        ["an empty token"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = "", expires_at = Expiry })),
        ["a token that is a number"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = 7, expires_at = Expiry })),
        ["a token with a line break"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = Token + "\r\nX-Evil: 1", expires_at = Expiry })),
        ["a token of a megabyte"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = new string('x', 900_000), expires_at = Expiry })),
        ["no expiry"] = (Unusable, Answers.ToolResult(new { success = true, session_token = Token })),
        ["an expiry that is not a time"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = Token, expires_at = "tomorrow" })),
        ["an expiry that is a number"] = (Unusable,
            Answers.ToolResult(new { success = true, session_token = Token, expires_at = 1795478913 })),
        ["a large answer"] = (Unusable, Answers.Text(200, "{\"x\":\"" + new string('x', (1024 * 1024) - 8) + "\"}")),
        ["an endless answer"] = (Unusable, async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop);
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            while (!stop.IsCancellationRequested)
                await stream.WriteAsync(spaces, stop);
        }),
        ["endless headers"] = (Unusable, Answers.Content(
            200, "text/plain", [], [.. Enumerable.Range(0, 40).Select(i => $"X-{i}: {new string('x', 4000)}")])),
    };

    private readonly TestServer _server = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => _server.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_that_signs_nobody_in_has_a_named_failure_that_names_the_server(string name)
    {
        var (expected, answer) = Cases[name];
        _server.Instead = answer;

        var failure = FailureOfSignIn(_server.Address);

        Assert.Equal(expected, failure.Kind);
        Assert.Contains($"127.0.0.1:{_server.Port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_reads_the_same_whatever_the_server_says_about_account_and_password()
    {
        var messages = Cases.Values.Where(c => c.Expected == Refused).Select(c =>
        {
            _server.Instead = c.Answer;
            return FailureOfSignIn(_server.Address).Message;
        }).ToArray();

        Assert.Equal(4, messages.Length);
        Assert.Single(messages.Distinct());
    }

    [Fact]
    public void A_failure_of_the_server_is_quoted_with_its_control_characters_made_visible()
    {
        _server.Instead = Answers.ToolError("disk\u001b[31m full");

        Assert.Contains(
            @"it reports 'disk\u{1B}[31m full'", FailureOfSignIn(_server.Address).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_that_contains_the_password_is_not_quoted()
    {
        _server.Instead = Answers.ToolError($"no user alice with '{Password}'");

        Assert.Contains(
            "without a reason that can be shown", FailureOfSignIn(_server.Address).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_is_null_next_to_a_result_is_not_an_error()
    {
        _server.Instead = Answers.Text(
            200,
            """{"error":null,"result":{"content":[{"text":"{\"success\":true,"""
                + $$"""\"session_token\":\"{{Token}}\","""
                + """\"expires_at\":\"2036-11-24T02:08:33.5+02:00\"}"}]},"more":1}""");
        using var client = Client(_server.Address);

        var (token, expires) = client.SignIn("alice", Store.Secure(Password));

        Assert.Equal(
            (Token, new DateTime(2036, 11, 24, 0, 8, 33, 500, DateTimeKind.Utc)), (Store.Text(token), expires));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public void A_redirect_is_not_followed(int status)
    {
        using var other = new TestServer();
        _server.Instead = Answers.Content(status, "text/plain", [], $"Location: {other.Address}/mcp/v1");

        Assert.All([FailureOfSignIn(_server.Address), FailureOfWhoIs(_server.Address)], failure =>
        {
            Assert.Equal(Unusable, failure.Kind);
            Assert.Contains("redirects", failure.Message, StringComparison.Ordinal);
        });
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("{\"authenticated\":\"yes\"}")]
    [InlineData("{\"username\":\"alice\"}")]
    [InlineData("{\"authenticated\":true}")]
    [InlineData("[true]")]
    [InlineData("{\"authenticated\":tr")]
    [InlineData("")]
    public void An_answer_that_does_not_say_whose_a_token_is_cannot_be_used(string answer)
    {
        _server.Instead = Answers.Text(200, answer);

        Assert.Equal(Unusable, FailureOfWhoIs(_server.Address).Kind);
    }
}
