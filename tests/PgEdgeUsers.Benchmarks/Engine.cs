using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PgEdgeUsers.Benchmarks;

/// <summary>The PowerShell engine with the staged module.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    public Engine()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Module]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>The folder of the staged module.</summary>
    public static string Module { get; } =
        typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "StagedModule").Value!.TrimEnd('/');

    /// <summary>
    /// Loads the core from the staged files with the module's own loader, so that it is the core that is measured.
    /// </summary>
    public static void LoadModule()
    {
        using var engine = new Engine();
    }

    /// <summary>A pipeline to fill.</summary>
    public PowerShell Shell() => PowerShell.Create(_runspace);

    /// <summary>Runs a command. Errors are part of the output.</summary>
    public (PSObject[] Output, ErrorRecord[] Errors) Run(
        string command, params (string Name, object? Value)[] parameters)
    {
        using var shell = Shell();
        shell.AddCommand(command);
        foreach (var (name, value) in parameters)
            shell.AddParameter(name, value);
        return ([.. shell.Invoke()], [.. shell.Streams.Error]);
    }

    public void Dispose() => _runspace.Dispose();
}
