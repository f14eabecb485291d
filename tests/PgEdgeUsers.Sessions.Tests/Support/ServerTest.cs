using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests.Support;

/// <summary>A test with a server, <c>$uri</c>, that knows <c>alice</c>, and her <c>$login</c> and <c>$password</c>.</summary>
public abstract class ServerTest : ShellTest, IAsyncLifetime
{
    private protected const string Password = "tides \"under\" \\ sëven läntern\u0001s 日本 😀";

    protected ServerTest()
    {
        Server.Add("alice", Password);
        Define("uri", Server.Address);
        Define("login", Secret.Login("alice", Password));
        Define("password", Secret.Of(Password));
    }

    private protected TestServer Server { get; } = new();

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync()
    {
        Server.Dispose();
        return Task.CompletedTask;
    }
}
