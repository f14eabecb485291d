using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PgEdgeUsers.Benchmarks;

/// <summary>The real engine with the staged module in it.</summary>
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

    /// <summary>Makes the core that is measured here the one that the module loads: the staged files, by the module's own loader.</summary>
    public static void LoadModule()
    {
        var module = Assembly.LoadFrom(Path.Combine(Module, "PgEdgeUsers.dll"));
        ((IModuleAssemblyInitializer)Activator.CreateInstance(module.GetType("PgEdgeUsers.ModuleInitializer")!)!)
            .OnImport();
    }

    /// <summary>A pipeline to fill.</summary>
    public PowerShell Shell() => PowerShell.Create(_runspace);

    /// <summary>Runs a command; errors are what comes with the output.</summary>
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
