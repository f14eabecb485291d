using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests;

/// <summary>Processes that get a password or token and start their work at the same moment.</summary>
internal static class SignInProcess
{
    /// <summary>Runs one process.</summary>
    /// <returns>The lines that it wrote.</returns>
    public static string[] Run(string secret, string[] role, params (string Name, string Value)[] environment) =>
        RunAll(secret, [Child.StartAs(role, environment: environment)]);

    /// <summary>Runs processes at the same moment.</summary>
    /// <returns>The lines that all of them wrote.</returns>
    public static string[] RunAtOnce(int count, string secret, Func<int, string[]> role) =>
        RunAll(secret, [.. Enumerable.Range(0, count).Select(i => Child.Start(role(i)))]);

    private static string[] RunAll(string secret, Child[] processes)
    {
        try
        {
            foreach (var process in processes)
                process.WriteLine(secret);
            Assert.All(processes, process => Assert.Equal("ready", process.Expect()));
            foreach (var process in processes)
                process.WriteLine("");
            return [.. processes.SelectMany(process => process.ReadToEnd())];
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }
}
