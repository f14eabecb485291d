using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>Signs in at a server, and searches every failure for the password and the token.</summary>
public abstract class ServerTest
{
    private protected const string Password = "tides \"under\" \\ sëven läntern\u0001s 日本 😀";
    private protected const string Token = "cHJlY2lvdXMtcHJlY2lvdXMtcHJlY2lvdXMtcHJlY2k=";

    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);

    private protected static ServerClient Client(
        string uri, bool skipCertificateCheck = false, bool allowUnencrypted = false, TimeSpan? timeout = null) =>
        new(new Uri(uri, UriKind.RelativeOrAbsolute),
            new ServerOptions(skipCertificateCheck, allowUnencrypted, timeout ?? HangGuard));

    /// <summary>Signs alice in and asks the server whose token it is.</summary>
    private protected static string? SignIn(
        string uri, bool skipCertificateCheck = false, bool allowUnencrypted = false)
    {
        using var client = Client(uri, skipCertificateCheck, allowUnencrypted);
        return client.WhoIs(client.SignIn("alice", Store.Secure(Password)).Token);
    }

    private protected static PgEdgeUsersException FailureOfSignIn(string uri, TimeSpan? timeout = null) =>
        FailureOf(() =>
    {
        using var client = Client(uri, timeout: timeout);
        client.SignIn("alice", Store.Secure(Password));
    });

    private protected static PgEdgeUsersException FailureOfWhoIs(string uri) => FailureOf(() =>
    {
        using var client = Client(uri);
        client.WhoIs(Store.Secure(Token));
    });

    private protected static PgEdgeUsersException FailureOf(Action action)
    {
        var failure = Assert.Throws<PgEdgeUsersException>(action);
        Assert.DoesNotContain(Password, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        return failure;
    }
}
