using System.Reflection;
using System.Runtime.Loader;

namespace PgEdgeUsers;

/// <summary>
/// Keeps the core and the libraries that it uses apart from those of other modules: they load from the folder
/// <c>lib</c> into a context of their own. PowerShell sees this assembly only.
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

    /// <summary>Gives the core to whoever in this assembly asks for it, however often the module is imported.</summary>
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
