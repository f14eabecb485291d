namespace PgEdgeUsers.Host.Tests;

/// <summary>A test that uses the host as a person does, at a terminal.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal class FactAtTerminalAttribute : FactAttribute
{
    public FactAtTerminalAttribute() =>
        Skip = HostProcess.CanHaveTerminal ? null : "There is no 'script' of util-linux to give the host a terminal.";
}

/// <summary>A test at a terminal that presses Ctrl+C while something runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithControlCAttribute : FactAtTerminalAttribute
{
    public FactWithControlCAttribute() =>
        Skip ??= HostProcess.CanBeInterrupted ? null : "Where these tests were started, Ctrl+C is ignored.";
}
