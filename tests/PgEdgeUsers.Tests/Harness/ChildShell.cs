using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>Runs a script in a process of its own, with an environment and a home of its own.</summary>
internal static class ChildShell
{
    public static (int ExitCode, string[] Output, string Errors) Run(string home, string script, IReadOnlyDictionary<string, string>? environment = null)
    {
        var file = Path.Combine(home, "script.ps1");
        File.WriteAllText(file, script);
        var start = new ProcessStartInfo(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")))
        {
            ArgumentList = { "exec", typeof(ChildShell).Assembly.Location, file },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA" })
            start.Environment[name] = home;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), errors.Result);
    }
}
