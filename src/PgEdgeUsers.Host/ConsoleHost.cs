using System.Globalization;
using System.Management.Automation.Host;

namespace PgEdgeUsers.Host;

/// <summary>The host as the engine sees it: hands exits and nested prompts to the session that started it.</summary>
internal sealed class ConsoleHost(Session session, PSHostUserInterface ui) : PSHost
{
    public override string Name => "pgedge-users";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => ui;

    public override void SetShouldExit(int exitCode) => session.RequestExit(exitCode);

    public override void EnterNestedPrompt() => session.EnterNestedPrompt();

    public override void ExitNestedPrompt() => session.ExitNestedPrompt();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
