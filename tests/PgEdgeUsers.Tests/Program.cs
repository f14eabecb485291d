using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>The test assembly as a program: runs a script in a process of its own, for <see cref="ChildShell"/>.</summary>
internal static class Program
{
    /// <summary>Runs the script whose path is the only argument; output goes to standard output, error ids and messages to standard error.</summary>
    private static int Main(string[] arguments)
    {
        using var shell = new Shell(Path.GetDirectoryName(arguments[0])!, importModule: false);
        var result = shell.Run(File.ReadAllText(arguments[0]));
        foreach (var line in result.Output)
            Console.Out.WriteLine(line);
        foreach (var error in result.Errors)
            Console.Error.WriteLine($"{error.FullyQualifiedErrorId}: {error}");
        return result.Errors.Count == 0 ? 0 : 1;
    }
}
