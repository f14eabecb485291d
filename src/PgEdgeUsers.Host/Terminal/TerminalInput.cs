using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>Answers typed at the terminal. While it reads, Ctrl+C is a key; at all other times a signal.</summary>
internal sealed class TerminalInput(ITerminal terminal) : IInput
{
    private readonly LineHistory _history = new();

    public bool IsTerminal => true;

    public string ReadLine(string prompt) =>
        WithKeys(() => new LineEditor(terminal).ReadLine(prompt)) ?? throw IInput.NoAnswer();

    public SecureString ReadSecret(string prompt) =>
        WithKeys(() => new SecretReader(terminal).Read(prompt)) ?? throw IInput.NoAnswer();

    /// <returns>Null when there is no more input.</returns>
    public string? ReadCommand(string prompt, Func<string, int, CommandCompletion?> complete) =>
        WithKeys(() => new LineEditor(terminal, _history, complete).ReadLine(prompt));

    private static T WithKeys<T>(Func<T> read)
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return read();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
