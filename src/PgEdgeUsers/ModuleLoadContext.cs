using System.Reflection;
using System.Runtime.Loader;

namespace PgEdgeUsers;

/// <summary>
/// Isolates the core and its libraries from those of other modules by loading them from the folder <c>lib</c> into a
/// separate context. PowerShell loads only this assembly.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string Core = "PgEdgeUsers.Core";

    private static readonly ModuleLoadContext Context = new();

    private readonly string _folder = Path.Combine(
        Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!, "lib");

    private ModuleLoadContext()
        : base("PgEdgeUsers", isCollectible: false)
    {
    }

    /// <summary>Resolves the core for this assembly. Repeated imports of the module register it only once.</summary>
    public static void Use()
    {
        Default.Resolving -= Resolve;
        Default.Resolving += Resolve;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == Core ? Context.LoadFromAssemblyName(name) : null;
}
