using System.Security;
using PgEdgeUsers.Core.Server;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>When a session signs in again, and when it fails instead.</summary>
public sealed class ServerSessionTests : ServerTest, IDisposable
{
    private readonly TestServer _server = new();
    private readonly ServerClient _client;
    private readonly TestClock _clock = new();
    private int _signIns;

    public ServerSessionTests()
    {
        _server.SetUser("alice", Password);
        _client = Client(_server.Address);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_session_with_time_left_is_used_as_it_is()
    {
        var session = Session(canSignIn: true);

        Assert.NotEmpty(session.Call(token => _client.ListTools(token)));

        Assert.Null(session.Renewal);
        Assert.Equal(0, _signIns);
        Assert.InRange(session.ExpiresIn!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public void An_expired_session_fails_before_anything_is_sent()
    {
        var session = Session(canSignIn: false);
        Advance(TimeSpan.FromHours(25));
        _server.Requests.Clear();

        Assert.Equal(FailureKind.SessionExpired, FailureOf(() => session.Call(token => _client.ListTools(token))).Kind);
        Assert.Equal(FailureKind.SessionExpired, FailureOf(session.RequireUsable).Kind);

        Assert.Empty(_server.Requests);
        Assert.True(session.ExpiresIn < TimeSpan.Zero);
    }

    [Fact]
    public void A_session_without_a_token_fails_before_anything_is_sent()
    {
        var session = new ServerSession(_client, token: null, expiresAt: null, _clock, signIn: null);

        Assert.Equal(FailureKind.SessionExpired, FailureOf(session.RequireUsable).Kind);
        Assert.Null(session.ExpiresIn);
    }

    [Fact]
    public void An_expired_session_signs_in_again_instead_of_being_refused()
    {
        var session = Session(canSignIn: true);
        Advance(TimeSpan.FromHours(25));
        _server.Requests.Clear();

        Assert.NotEmpty(session.Call(token => _client.ListTools(token)));

        Assert.Equal(1, _signIns);
        Assert.Equal(["POST /mcp/v1", "POST /mcp/v1"], _server.Requests);
        Assert.NotNull(session.Renewal);
        Assert.InRange(session.ExpiresIn!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public void A_refused_session_signs_in_again_and_repeats_the_call()
    {
        var session = Session(canSignIn: true);
        _server.EndSession("alice");

        Assert.NotEmpty(session.Call(token => _client.ListTools(token)));

        Assert.Equal(1, _signIns);
    }

    [Fact]
    public void A_refused_session_that_cannot_sign_in_fails()
    {
        var session = Session(canSignIn: false);
        _server.EndSession("alice");

        Assert.Equal(FailureKind.SessionRefused, FailureOf(() => session.Call(token => _client.ListTools(token))).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void A_session_signs_in_again_only_once(int hours)
    {
        var session = Session(canSignIn: true, afterSignIn: () => _server.EndSession("alice"));
        _server.EndSession("alice");
        Advance(TimeSpan.FromHours(hours));

        Assert.Equal(FailureKind.SessionRefused, FailureOf(() => session.Call(token => _client.ListTools(token))).Kind);

        Assert.Equal(1, _signIns);
    }

    [Fact]
    public void The_failure_of_the_second_sign_in_is_the_failure_of_the_call()
    {
        var session = Session(canSignIn: true);
        _server.SetUser("alice", Password, enabled: false);

        Assert.Equal(
            FailureKind.AuthenticationFailed, FailureOf(() => session.Call(token => _client.ListTools(token))).Kind);
    }

    private ServerSession Session(bool canSignIn, Action? afterSignIn = null)
    {
        var (token, expires) = _client.SignIn("alice", Store.Secure(Password));
        return new ServerSession(_client, token, expires, _clock, canSignIn ? SignIn : null);

        (SecureString Token, DateTime ExpiresAt) SignIn()
        {
            _signIns++;
            var issued = _client.SignIn("alice", Store.Secure(Password));
            afterSignIn?.Invoke();
            return issued;
        }
    }

    private void Advance(TimeSpan time)
    {
        _clock.Ahead += time;
        _server.Advance(time);
    }

    private sealed class TestClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + Ahead;
    }
}
