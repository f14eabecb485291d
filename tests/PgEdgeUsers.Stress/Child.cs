using System.Diagnostics;

namespace PgEdgeUsers.Stress;

/// <summary>This program as another process.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>Against a test that would hang for ever. Nothing is measured by it.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Child(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>How the program is started: words that go in front of a role.</summary>
    public static string[] Command { get; } = [DotNet(),
        Path.Combine(AppContext.BaseDirectory, "PgEdgeUsers.Stress.dll")];

    public static Child Start(params string[] role) => StartAs(role);

    /// <param name="role">The role and its arguments.</param>
    /// <param name="under">A command that runs the command that follows it.</param>
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

    /// <summary>Waits for a line that the process writes; null when it has ended.</summary>
    public string? ReadLine() => Await(_process.StandardOutput.ReadLineAsync());

    /// <summary>Waits for a line that must come.</summary>
    public string Expect() =>
        ReadLine() ?? throw new InvalidOperationException("The process ended too early: " + Await(_errors));

    /// <summary>Waits for all that the process still writes, and for its end.</summary>
    public string[] ReadToEnd()
    {
        var lines = Await(_process.StandardOutput.ReadToEndAsync())
            .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return Await(_errors) is { Length: > 0 } errors ? [.. lines, errors] : lines;
    }

    /// <summary>Tells the process to end, which its roles do at the end of their input.</summary>
    public void End() => _process.StandardInput.Close();

    /// <summary>Ends the process as kill -9 does: it does not get to do anything more.</summary>
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
