using System.Diagnostics;
using System.Globalization;

namespace PgEdgeUsers.Benchmarks;

/// <summary>What the module adds to the start of PowerShell, as whole processes in turns. Needs <c>pwsh</c> on the PATH.</summary>
internal static class StartupTimes
{
    private const string Bare = "pwsh";

    public static int Run(int rounds)
    {
        using var store = new SampleStore(users: 10);
        var import = $"Import-Module '{Engine.Module}'";
        var samples = new Samples();
        samples.Add(Bare, () => Start("1"));
        samples.Add("import", () => Start(import));
        samples.Add("import and first list", () => Start($"{import}; $null = Get-PgEdgeUser -Path '{store.Path}'"));
        samples.Measure(rounds);
        foreach (var name in samples.Names)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {samples.Median(name),7:0} ms   {samples.Median(name) / samples.Median(Bare):0.00} x pwsh"));
        return 0;
    }

    private static void Start(string command)
    {
        var start = new ProcessStartInfo("pwsh") { ArgumentList = { "-NoProfile", "-NonInteractive", "-Command", command } };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"pwsh ended with {process.ExitCode}.");
    }
}
