namespace PgEdgeUsers.Host.Tests;

/// <summary>A test that interrupts the host.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal class FactWithControlCAttribute : FactAttribute
{
    public FactWithControlCAttribute() =>
        Skip = HostProcess.CanBeInterrupted ? null : "Where these tests were started, Ctrl+C is ignored.";
}

/// <summary>A test that uses the host as a person does, at a terminal.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAtTerminalAttribute : FactWithControlCAttribute
{
    public FactAtTerminalAttribute() =>
        Skip ??= HostProcess.CanHaveTerminal ? null : "There is no 'script' of util-linux to give the host a terminal.";
}
