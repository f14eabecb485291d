using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests.Support;

/// <summary>A server that knows <c>alice</c>, and a session of the engine with its <c>$uri</c> and her <c>$login</c>, for all tests of a class.</summary>
public sealed class SharedServer : IDisposable
{
    internal const string Password = "tides \"under\" \\ sëven läntern\u0001s 日本 😀";

    public SharedServer()
    {
        Shell = new Shell(Store.Folder);
        Server.Add("alice", Password);
        Shell.Define("uri", Server.Address);
        Shell.Define("login", Secret.Login("alice", Password));
        Shell.Define("password", Secret.Of(Password));
        Shell.Define("file", Store.Path);
    }

    internal TestServer Server { get; } = new();

    internal SampleFile Store { get; } = new();

    internal Shell Shell { get; }

    public void Dispose()
    {
        Shell.Dispose();
        Store.Dispose();
        Server.Dispose();
    }
}

/// <summary>A test with that server; what an earlier test had it answer is forgotten.</summary>
public abstract class ServerTest : IClassFixture<SharedServer>
{
    private readonly SharedServer _shared;

    protected ServerTest(SharedServer shared)
    {
        _shared = shared;
        Server.Instead = null;
        Server.Requests.Clear();
    }

    private protected static string Password => SharedServer.Password;

    private protected TestServer Server => _shared.Server;

    private protected SampleFile Store => _shared.Store;

    private protected void Define(string variable, object? value) => _shared.Shell.Define(variable, value);

    private protected ShellResult Run(string script) => _shared.Shell.Run(script);
}
