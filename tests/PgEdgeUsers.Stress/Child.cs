using System.Diagnostics;

namespace PgEdgeUsers.Stress;

/// <summary>This program as another process.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>A limit for tests that would otherwise hang forever. Nothing is measured with it.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(2);

    private const string Program = "PgEdgeUsers.Stress";

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Child(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>The command that starts the program, without a role.</summary>
    public static string[] Command { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Program
        ? [Environment.ProcessPath!]
        : [DotNet(), Path.Combine(AppContext.BaseDirectory, Program + ".dll")];

    public static Child Start(params string[] role) => StartAs(role);

    /// <param name="role">The role and its arguments.</param>
    /// <param name="under">A command that runs the command after it.</param>
    /// <param name="environment">Variables to set.</param>
    public static Child StartAs(string[] role, string[]? under = null, params (string Name, string Value)[] environment)
    {
        string[] words = [.. under ?? [], .. Command, .. role];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings and proxies of this machine must not change what is tested.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new Child(start);
    }

    public void WriteLine(string text) => _process.StandardInput.WriteLine(text);

    /// <summary>Waits for a line that the process writes; null if it has ended.</summary>
    public string? ReadLine() => Await(_process.StandardOutput.ReadLineAsync());

    /// <summary>Waits for a line. It is an error if the process ends instead.</summary>
    public string Expect() =>
        ReadLine() ?? throw new InvalidOperationException("The process ended too early: " + Await(_errors));

    /// <summary>Waits for the end of the process, and returns the remaining lines that it wrote.</summary>
    public string[] ReadToEnd()
    {
        var lines = Await(_process.StandardOutput.ReadToEndAsync())
            .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return Await(_errors) is { Length: > 0 } errors ? [.. lines, errors] : lines;
    }

    /// <summary>Tells the process to end, which a role does at the end of its input.</summary>
    public void End() => _process.StandardInput.Close();

    /// <summary>Ends the process at once, like kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static bool IsSetting(string variable) =>
        variable.StartsWith("PGEDGE_", StringComparison.OrdinalIgnoreCase)
            || variable.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);

    private static T Await<T>(Task<T> task) => task.WaitAsync(HangGuard).GetAwaiter().GetResult();

    private static string DotNet() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : "dotnet");
}
