using System.Management.Automation.Runspaces;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>A session of the real engine with the staged module imported, in which scripts run as users type them.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    private PowerShell? _running;

    /// <summary>Opens a session.</summary>
    /// <param name="folder">Its current folder.</param>
    /// <param name="host">The host that it runs in; not given: one that nobody answers.</param>
    /// <param name="importModule">Whether the module is imported; else the script does it.</param>
    public Shell(string folder, ScriptedHost? host = null, bool importModule = true)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        if (importModule)
            state.ImportPSModule([TestProcess.Module]);
        _runspace = RunspaceFactory.CreateRunspace(host ?? new ScriptedHost(), state);
        _runspace.Open();
        Define("module", TestProcess.Module);
        Define("otherYamlDotNet", TestProcess.OtherYamlDotNet);
        _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));
    }

    public void Define(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    /// <summary>
    /// Runs a script and gives all that came out. Whatever the script is, no secret is among it, and no message is a stack trace.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="onProgress">Called for each sign of progress.</param>
    public ShellResult Run(string script, Action? onProgress = null)
    {
        using var shell = PowerShell.Create(_runspace);
        _running = shell;
        if (onProgress is not null)
            shell.Streams.Progress.DataAdded += (_, _) => onProgress();
        var output = new PSDataCollection<PSObject>();
        var errors = new List<ErrorRecord>();
        try
        {
            shell.AddScript(script).Invoke(null, output);
        }
        catch (RuntimeException stopped)
        {
            errors.Add(stopped.ErrorRecord);
        }

        var result = new ShellResult(
            [.. output],
            [.. shell.Streams.Error, .. errors],
            [.. shell.Streams.Verbose.Select(v => v.Message)],
            [.. shell.Streams.Warning.Select(w => w.Message)],
            [.. shell.Streams.Progress],
            shell.InvocationStateInfo.State == PSInvocationState.Stopped);
        result.AssertPresentable();
        return result;
    }

    /// <summary>Does what Ctrl+C does to the script that runs. Does not wait for its end.</summary>
    public void Stop() => _running?.BeginStop(null, null);

    public void Dispose() => _runspace.Dispose();
}
