using System.Reflection;
using System.Runtime.Loader;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>The names of the core's enumerations, which are what the cmdlets report, by the full name of the type.</summary>
internal static class CoreNames
{
    private static readonly Assembly Core =
        new AssemblyLoadContext("Names").LoadFromAssemblyPath(Path.Combine(Repository.Module, "lib", "PgEdgeUsers.Core.dll"));

    public static string[] Of(string enumeration) => Enum.GetNames(Core.GetType(enumeration, throwOnError: true)!);
}
