using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PgEdgeUsers.Sessions.Tests.Support;

/// <summary>A process of its own (tests/PgEdgeUsers.SignInProcess), which waits for a signal before it does its work.</summary>
internal sealed class HelperProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public HelperProcess(string secret, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = typeof(HelperProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SignInProcess").Value!;
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")), ["exec", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As little time as can be between the signal and the work.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PGEDGE_", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _process.StandardInput.WriteLine(secret);
    }

    /// <summary>Runs one process and gives the lines that it wrote.</summary>
    public static string[] Run(string secret, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = new HelperProcess(secret, arguments, environment);
        process.AwaitReady();
        process.Begin();
        return process.Finish();
    }

    /// <summary>Runs as many processes at the same moment and gives the lines that all of them wrote.</summary>
    public static string[] RunAtOnce(int count, string secret, Func<int, string[]> arguments)
    {
        var processes = Enumerable.Range(0, count).Select(i => new HelperProcess(secret, arguments(i))).ToArray();
        try
        {
            foreach (var process in processes)
                process.AwaitReady();
            foreach (var process in processes)
                process.Begin();
            return [.. processes.SelectMany(process => process.Finish())];
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }

    public void Dispose() => _process.Dispose();

    private void AwaitReady() => Assert.Equal("ready", _process.StandardOutput.ReadLine());

    private void Begin() => _process.StandardInput.WriteLine();

    private string[] Finish()
    {
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        Assert.Equal("", _errors.Result);
        Assert.NotEqual(2, _process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
