using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet is used.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private const string TypeFile = "PgEdgeUsers.Types.ps1xml";

    /// <inheritdoc/>
    public void OnImport()
    {
        ModuleLoadContext.Use();
        AddTypeData();
    }

    /// <summary>
    /// Loads the type file, once per session. The manifest cannot do this: if the module were imported from a second
    /// folder, PowerShell would report that the members already exist.
    /// </summary>
    private static void AddTypeData()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        if (shell.AddCommand(TypeDataCmdlet("Get")).AddParameter("TypeName", typeof(PgEdgeSession).FullName)
            .Invoke().Count > 0)
        {
            return;
        }

        shell.Commands.Clear();
        var file = Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, TypeFile);
        shell.AddCommand(TypeDataCmdlet("Update")).AddParameter("AppendPath", file).Invoke();
    }

    /// <summary>
    /// A cmdlet for type data, by its class: a session that does not load modules automatically, or permits only some
    /// commands, does not find it by its name.
    /// </summary>
    private static CmdletInfo TypeDataCmdlet(string verb) => new($"{verb}-TypeData", Type.GetType(
        $"Microsoft.PowerShell.Commands.{verb}TypeDataCommand, Microsoft.PowerShell.Commands.Utility",
        throwOnError: true));
}
