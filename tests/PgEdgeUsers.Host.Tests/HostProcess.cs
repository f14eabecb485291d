using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace PgEdgeUsers.Host.Tests;

/// <summary>The built host in a process of its own, as a shell would start it.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>Of util-linux: runs a command at a terminal of its own.</summary>
    private const string Script = "/usr/bin/script";

    private static readonly string Host = typeof(HostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Host").Value!;

    private readonly Process _process;

    private HostProcess(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
    }

    /// <summary>Whether there is what gives it a terminal.</summary>
    public static bool CanHaveTerminal => OperatingSystem.IsLinux() && File.Exists(Script);

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

    /// <summary>Starts it at a terminal: what it shows there is the output, and what is written to its input is typed.</summary>
    public static HostProcess StartAtTerminal(
        string userFile, IEnumerable<string>? arguments = null, params IEnumerable<(string Name, string? Value)> environment)
    {
        // In place of the shell, which would take Ctrl+C for itself as well.
        var command = string.Join(' ', ((string[])["dotnet", Host, .. arguments ?? []]).Select(argument => $"'{argument}'").Prepend("exec"));
        return new HostProcess(Script, ["-qec", command, "/dev/null"],
            [("PGEDGE_AUTH_USER_FILE", userFile), ("TERM", "xterm"), ("NO_COLOR", null), ("SHELL", "/bin/sh"), .. environment]);
    }

    public static async Task<Result> Run(string input, params string[] arguments)
    {
        using var host = new HostProcess("dotnet", [Host, .. arguments], []);
        return await host.Finish(input);
    }

    /// <summary>Waits until it has shown a text, and then types.</summary>
    public async Task TypeAfter(string shown, string keys)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var seen = new StringBuilder();
        var next = new char[1];
        try
        {
            while (!seen.ToString().EndsWith(shown, StringComparison.Ordinal) && await _process.StandardOutput.ReadAsync(next, deadline.Token) > 0)
            {
                seen.Append(next);
            }
        }
        catch (OperationCanceledException)
        {
            // What it has shown instead is said below.
        }
        Assert.EndsWith(shown, seen.ToString(), StringComparison.Ordinal);
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
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
