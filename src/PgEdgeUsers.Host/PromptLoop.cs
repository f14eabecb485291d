using System.Management.Automation;
using System.Management.Automation.Language;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host;

/// <summary>Reads what is typed, one complete input at a time, and gives it to the session until someone leaves.</summary>
internal sealed class PromptLoop(Session session, ConsoleUserInterface ui)
{
    public int Run()
    {
        WriteBanner();
        RunUntil(() => session.ExitCode is not null);
        return session.ExitCode ?? 0;
    }

    public void RunUntil(Func<bool> left)
    {
        while (!left())
        {
            try
            {
                if (ReadInput() is not { } input)
                {
                    return;
                }
                if (!string.IsNullOrWhiteSpace(input))
                {
                    session.RunTyped(input);
                }
            }
            catch (PipelineStoppedException)
            {
                // Ctrl+C at the prompt drops what was typed.
            }
        }
    }

    /// <returns>Null when there is no more input.</returns>
    private string? ReadInput()
    {
        var prompt = session.Ask("prompt").FirstOrDefault()?.ToString();
        var input = ui.ReadCommand(string.IsNullOrEmpty(prompt) ? "PS> " : prompt, session.Complete);
        while (input is not null && IsIncomplete(input))
        {
            input = ui.ReadCommand(">> ", session.Complete) is { } more ? $"{input}\n{more}" : null;
        }
        return input;
    }

    private static bool IsIncomplete(string input)
    {
        Parser.ParseInput(input, out _, out var errors);
        return errors is [{ IncompleteInput: true }, ..];
    }

    private void WriteBanner()
    {
        ui.WriteLine($"pgedge-users {typeof(PromptLoop).Assembly.GetName().Version!.ToString(3)}"
            + $" on the PowerShell engine {PSVersionInfo.PSVersion}");
        // A file that cannot be read is for the first command to report, not for the banner.
        if (session.Ask("try { (Get-PgEdgeUserFile).Path } catch { $Error.Clear() }").FirstOrDefault() is { } path)
        {
            ui.WriteLine($"User file: {path}");
        }
        ui.WriteLine("Commands: Get-Command -Module PgEdgeUsers; help: Get-Help <name>; to leave: exit");
        ui.WriteLine("Cmdlets such as Select-Object and ConvertTo-Json are not here: they need pwsh.");
        ui.WriteLine();
    }
}
