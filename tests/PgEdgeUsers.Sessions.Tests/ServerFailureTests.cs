using System.Text;
using Microsoft.AspNetCore.Http;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Sessions.Tests.Support;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Each way in which a server can fail to sign a user in has a name; and no message holds a password, a token or a stack trace.</summary>
public sealed class ServerFailureTests(SharedServer shared) : ServerTest(shared)
{
    private const string Token = "cHJlY2lvdXMtcHJlY2lvdXMtcHJlY2lvdXMtcHJlY2k=";

    private const string Unusable = "ServerResponseInvalid/InvalidResult";

    private static readonly Dictionary<string, (string Expected, RequestDelegate Answer)> Answers = new()
    {
        ["a wrong password"] = ("AuthenticationFailed/AuthenticationError", Json(TestServer.Failure("authentication failed: invalid username or password"))),
        ["a disabled account"] = ("AuthenticationFailed/AuthenticationError", Json(TestServer.Failure("authentication failed: user account is disabled"))),
        ["no name"] = ("AuthenticationFailed/AuthenticationError", Json(TestServer.Failure("username is required"))),
        ["no password"] = ("AuthenticationFailed/AuthenticationError", Json(TestServer.Failure("password must be a non-empty string"))),
        ["too many attempts"] = ("TooManyAttempts/LimitsExceeded", Json(TestServer.Failure("too many failed authentication attempts from this IP address, please try again later"))),
        ["an error without data"] = (Unusable, Json(new { jsonrpc = "2.0", id = 1, error = new { code = -32601, message = "Method not found" } })),
        ["an error with data that is no text"] = (Unusable, Json(TestServer.Failure(new[] { 1, 2 }))),
        ["an error that is no object"] = (Unusable, Json(new { error = "no" })),
        ["an error of another kind"] = (Unusable, Json(TestServer.Failure("database is on fire"))),
        ["401"] = (Unusable, Text(401, "Unauthorized\n")),
        ["404"] = (Unusable, Text(404, "404 page not found\n")),
        ["429"] = (Unusable, Text(429, "slow down\n")),
        ["500"] = (Unusable, Text(500, "Internal Server Error\n")),
        ["204"] = (Unusable, context => { context.Response.StatusCode = 204; return Task.CompletedTask; }),
        ["a web page"] = (Unusable, Text(200, "<!DOCTYPE html><title>Welcome</title>")),
        ["nothing"] = (Unusable, Text(200, "")),
        ["null"] = (Unusable, Text(200, "null")),
        ["a list"] = (Unusable, Text(200, "[]")),
        ["a number"] = (Unusable, Text(200, "42")),
        ["JSON that is cut"] = (Unusable, Text(200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"te")),
        ["JSON and more"] = (Unusable, Text(200, "{} {}")),
        ["JSON without end"] = (Unusable, Text(200, string.Concat(Enumerable.Repeat("{\"result\":", 100_000)))),
        ["lists without end"] = (Unusable, Text(200, new string('[', 100_000))),
        ["text that is no UTF-8"] = (Unusable, context => context.Response.Body.WriteAsync("{\"result\":{\"content\":[{\"text\":\"\xFF\"}]}}"u8.ToArray().Select(b => b == 0xBF ? (byte)0xFF : b).ToArray()).AsTask()),
        ["half a character"] = (Unusable, Text(200, """{"result":{"content":[{"text":"\ud800"}]}}""")),
        ["half a character as the reason"] = (Unusable, Text(200, """{"error":{"data":"\ud800"}}""")),
        ["no result"] = (Unusable, Json(new { jsonrpc = "2.0", id = 1 })),
        ["an empty result"] = (Unusable, Json(new { result = (object?)null })),
        ["a result that is a list"] = (Unusable, Json(new { result = Array.Empty<int>() })),
        ["no content"] = (Unusable, Json(new { result = new { } })),
        ["empty content"] = (Unusable, Json(new { result = new { content = Array.Empty<int>() } })),
        ["content that is null"] = (Unusable, Json(new { result = new { content = new object?[] { null } } })),
        ["content that is no text"] = (Unusable, Json(new { result = new { content = new[] { new { type = "image", data = "AAAA" } } } })),
        ["text that is a number"] = (Unusable, Json(new { result = new { content = new[] { new { text = 1 } } } })),
        ["inner text that is no JSON"] = (Unusable, Json(TestServer.Result("Authentication successful"))),
        ["inner JSON that is cut"] = (Unusable, Json(TestServer.Result($"{{\"success\":true,\"session_token\":\"{Token}\",\"expires_at\":"))),
        ["an inner list"] = (Unusable, Json(TestServer.Result("[1]"))),
        ["inner null"] = (Unusable, Json(TestServer.Result("null"))),
        ["no success"] = (Unusable, Issued(new { success = false, session_token = Token, expires_at = "2036-11-24T00:08:33Z" })),
        ["success as text"] = (Unusable, Issued(new { success = "true", session_token = Token, expires_at = "2036-11-24T00:08:33Z" })),
        ["no token"] = (Unusable, Issued(new { success = true, expires_at = "2036-11-24T00:08:33Z" })),
        ["a token of null"] = (Unusable, Issued(new { success = true, session_token = (string?)null, expires_at = "2036-11-24T00:08:33Z" })),
        ["an empty token"] = (Unusable, Issued(new { success = true, session_token = "", expires_at = "2036-11-24T00:08:33Z" })),
        ["a token that is a number"] = (Unusable, Issued(new { success = true, session_token = 7, expires_at = "2036-11-24T00:08:33Z" })),
        ["a token with a line break"] = (Unusable, Issued(new { success = true, session_token = Token + "\r\nX-Evil: 1", expires_at = "2036-11-24T00:08:33Z" })),
        ["a token of a megabyte"] = (Unusable, Issued(new { success = true, session_token = new string('x', 900_000), expires_at = "2036-11-24T00:08:33Z" })),
        ["no expiry"] = (Unusable, Issued(new { success = true, session_token = Token })),
        ["an expiry that is no time"] = (Unusable, Issued(new { success = true, session_token = Token, expires_at = "tomorrow" })),
        ["an expiry that is a number"] = (Unusable, Issued(new { success = true, session_token = Token, expires_at = 1795478913 })),
        ["a large answer"] = (Unusable, context =>
        {
            context.Response.ContentLength = 1024 * 1024;
            return context.Response.WriteAsync("{\"x\":\"" + new string('x', (1024 * 1024) - 8) + "\"}");
        }),
        ["an endless answer"] = (Unusable, async context =>
        {
            var piece = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }),
        ["endless headers"] = (Unusable, context =>
        {
            for (var i = 0; i < 40; i++)
                context.Response.Headers[$"X-{i}"] = new string('x', 4000);
            return TestServer.Text(context, 200, "{}");
        }),
    };

    public static TheoryData<string> Names => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_that_signs_nobody_in_has_a_named_error(string name)
    {
        Secret.Of(Token);
        var (expected, answer) = Answers[name];
        Server.Instead = answer;

        var result = Run("New-PgEdgeSession $login -Uri $uri -Verbose -Debug");

        Assert.Empty(result.Output);
        var error = result.Error;
        Assert.Equal(expected, $"{error.FullyQualifiedErrorId.Split(',')[0]}/{error.CategoryInfo.Category}");
        Assert.Equal("alice", error.TargetObject);
        Assert.Contains($"127.0.0.1:{Server.Port}", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_server_says_of_account_and_password_who_signs_in_reads_the_same()
    {
        var refusals = Answers.Where(answer => answer.Value.Expected.StartsWith("AuthenticationFailed", StringComparison.Ordinal)).ToArray();
        var messages = refusals.Select(refusal =>
        {
            Server.Instead = refusal.Value.Answer;
            return Run("New-PgEdgeSession $login -Uri $uri").Error.ToString();
        });

        Assert.Equal(4, refusals.Length);
        Assert.Single(messages.Distinct());
    }

    [Fact]
    public void A_failure_of_the_servers_own_is_told_in_its_words_made_visible()
    {
        Server.Instead = Json(TestServer.Failure("disk\u001b[31m full"));

        Assert.Contains(@"it reports 'disk\u{1B}[31m full'", Run("New-PgEdgeSession $login -Uri $uri").Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_repeats_the_password_is_not_repeated()
    {
        Server.Instead = Json(TestServer.Failure($"no user alice with '{Password}'"));

        Assert.Contains("without a reason that can be shown", Run("New-PgEdgeSession $login -Uri $uri").Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_null_beside_a_result_is_no_error()
    {
        Secret.Of(Token);
        Server.Instead = Text(200, $$"""{"error":null,"result":{"content":[{"text":"{\"success\":true,\"session_token\":\"{{Token}}\",\"expires_at\":\"2036-11-24T02:08:33.5+02:00\"}"}]},"more":1}""");

        var session = Run("New-PgEdgeSession $login -Uri $uri").Ok().Output[0]!;

        Assert.Equal(new DateTime(2036, 11, 24, 0, 8, 33, 500, DateTimeKind.Utc), ((DateTime)session.Properties["ExpiresAt"].Value).ToUniversalTime());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public void A_redirect_is_not_followed(int status)
    {
        using var other = new TestServer();
        Server.Instead = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = other.Address + "/mcp/v1";
            return Task.CompletedTask;
        };
        Define("token", Secret.Of(Token));

        var result = Run("New-PgEdgeSession $login -Uri $uri; Test-PgEdgeSession -Token $token -Uri $uri");

        Assert.All(result.Errors, error => Assert.StartsWith("ServerResponseInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.Contains("redirects", error.ToString(), StringComparison.Ordinal));
        Assert.Equal(2, result.Errors.Count);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("{\"authenticated\":\"yes\"}")]
    [InlineData("{\"username\":\"alice\"}")]
    [InlineData("{\"authenticated\":true}")]
    [InlineData("[true]")]
    [InlineData("{\"authenticated\":tr")]
    [InlineData("")]
    public void An_answer_that_does_not_tell_whose_a_token_is_is_no_answer(string answer)
    {
        Define("token", Secret.Of(Token));
        Server.Instead = Text(200, answer);

        var error = Run("Test-PgEdgeSession -Token $token -Uri $uri").Error;

        Assert.Equal((Unusable, $"127.0.0.1:{Server.Port}"), ($"{error.FullyQualifiedErrorId.Split(',')[0]}/{error.CategoryInfo.Category}", error.TargetObject));
    }

    [Fact]
    public void One_that_fails_does_not_stop_the_others()
    {
        Define("wrong", Secret.Login("alice", "not the right password"));

        var result = Run("$login, $wrong, $login | New-PgEdgeSession -Uri $uri");

        Assert.Equal(["alice", "alice"], result.Texts);
        Assert.Equal(["AuthenticationFailed,NewPgEdgeSession: alice"], result.Failures);
    }

    private static RequestDelegate Json(object content) => context => TestServer.Json(context, content);

    private static RequestDelegate Issued(object inner) => Json(TestServer.Result(inner));

    private static RequestDelegate Text(int status, string text) => context => TestServer.Text(context, status, text);
}
