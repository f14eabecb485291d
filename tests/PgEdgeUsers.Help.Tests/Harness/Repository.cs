using System.Reflection;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>Where things are that the tests read.</summary>
internal static class Repository
{
    /// <summary>The folder of the whole project.</summary>
    public static string Root { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The module as it is staged.</summary>
    public static string Module { get; } = Path.GetFullPath(Metadata("StagedModule"));

    /// <summary>The help of the staged module.</summary>
    public static string Help => Path.Combine(Module, "en-US");

    /// <summary>The Markdown files that people read.</summary>
    public static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")).Order(StringComparer.Ordinal);

    /// <summary>A file's path as it is written in the project.</summary>
    public static string NameOf(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
