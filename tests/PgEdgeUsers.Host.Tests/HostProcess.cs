using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace PgEdgeUsers.Host.Tests;

/// <summary>The built host in a process of its own, as a shell would start it.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly string Host = typeof(HostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Host").Value!;

    private readonly Process _process;

    private HostProcess(IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Host, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Whether a SIGINT reaches it: not where this process was started to ignore it, as background jobs are.</summary>
    public static bool CanBeInterrupted
    {
        get
        {
            const ulong Interrupt = 1 << (2 - 1);
            const string Ignored = "SigIgn:";
            return OperatingSystem.IsLinux()
                && File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is var line
                && (ulong.Parse(line.AsSpan(Ignored.Length), NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & Interrupt) == 0;
        }
    }

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public static HostProcess Start(params string[] arguments) => new(arguments);

    public static async Task<Result> Run(string input, params string[] arguments)
    {
        using var host = new HostProcess(arguments);
        return await host.Finish(input);
    }

    public async Task<Result> Finish(string input = "")
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = _process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = _process.StandardError.ReadToEndAsync(deadline.Token);
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(deadline.Token);
        return new Result(_process.ExitCode, Lines(await output), Lines(await errors));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    public sealed record Result(int ExitCode, string Output, string Errors);
}
