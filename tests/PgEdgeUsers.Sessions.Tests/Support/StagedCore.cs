using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests.Support;

/// <summary>Makes the core that these tests call the one that the imported module calls: the staged files, loaded once, by the module's own loader.</summary>
internal static class StagedCore
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before any test that names a type of the core is compiled.")]
    internal static void Load()
    {
        var module = Assembly.LoadFrom(Path.Combine(TestProcess.Module, "PgEdgeUsers.dll"));
        var initializer = (IModuleAssemblyInitializer)Activator.CreateInstance(module.GetType("PgEdgeUsers.ModuleInitializer")!)!;
        initializer.OnImport();
    }
}
