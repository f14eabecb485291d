namespace PgEdgeUsers.Tests.Harness;

/// <summary>A test with a user file, <c>$file</c>, and a session in its folder.</summary>
public abstract class ShellTest : IDisposable
{
    private readonly Shell _shell;

    protected ShellTest()
    {
        _shell = new Shell(Store.Folder, Host);
        _shell.Define("file", Store.Path);
    }

    /// <summary>When the test began, in local time.</summary>
    private protected DateTime Started { get; } = DateTime.Now;

    private protected SampleFile Store { get; } = new();

    private protected ScriptedHost Host { get; } = new();

    public void Dispose()
    {
        _shell.Dispose();
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Define(string variable, object? value) => _shell.Define(variable, value);

    private protected ShellResult Run(string script, Action? onProgress = null) => _shell.Run(script, onProgress);

    private protected void Stop() => _shell.Stop();
}
