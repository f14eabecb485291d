using System.Diagnostics;
using System.Globalization;

namespace PgEdgeUsers.Benchmarks;

/// <summary>
/// How much the module adds to the start of PowerShell. Whole processes are measured, in turns. Needs <c>pwsh</c> on
/// the PATH.
/// </summary>
internal static class StartupTimes
{
    private const string Bare = "pwsh";

    public static int Run(int rounds, int[] sizes)
    {
        var import = $"Import-Module '{Engine.Module}'";
        var samples = new Samples();
        samples.Add(Bare, () => Start("1"));
        samples.Add("import", () => Start(import));
        var stores = sizes.Select(size => (Size: size, Store: new SampleStore(size))).ToArray();
        foreach (var (size, store) in stores)
            samples.Add($"import, list {size}", () => Start($"{import}; {List(store)}"));
        samples.Measure(rounds);
        foreach (var name in samples.Names)
        {
            var (median, ratio) = (samples.Median(name), samples.Median(name) / samples.Median(Bare));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {name,-22} {median,7:0} ms   {ratio:0.00} x pwsh"));
        }

        foreach (var (size, store) in stores)
        {
            var peak = double.Parse(
                Start($"{import}; {List(store)}; [Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64"),
                CultureInfo.InvariantCulture);
            var ratio = peak / new FileInfo(store.Path).Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  peak memory, list {size,6} {peak / 1e6,7:0} MB   {ratio:0.0} x the file"));
            store.Dispose();
        }

        return 0;
    }

    private static string List(SampleStore store) => $"$null = Get-PgEdgeUser -Path '{store.Path}'";

    private static string Start(string command)
    {
        var start = new ProcessStartInfo("pwsh") { ArgumentList = { "-NoProfile", "-NonInteractive", "-Command",
            command }, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"pwsh ended with {process.ExitCode}.");
    }
}
