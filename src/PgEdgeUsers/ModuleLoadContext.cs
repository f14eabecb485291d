using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace PgEdgeUsers;

/// <summary>
/// Keeps the core and the libraries that it uses apart from those of other modules: they load from the folder <c>lib</c>
/// into a context of their own. PowerShell sees this assembly only.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string Core = "PgEdgeUsers.Core";

    private readonly string _folder;

    private ModuleLoadContext(string folder)
        : base("PgEdgeUsers", isCollectible: false) => _folder = folder;

    /// <summary>Runs once, before anything else in this assembly does, however often the module is imported.</summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The only moment that is surely before the first use of the core.")]
    internal static void Initialize()
    {
        var folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!, "lib");
        var context = new ModuleLoadContext(folder);
        Default.Resolving += (_, name) => name.Name == Core ? context.LoadFromAssemblyName(name) : null;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
