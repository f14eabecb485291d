using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>
/// What the engine writes and asks. Results go to standard output; errors, warnings and the like to standard
/// error, so that a pipe gets results alone.
/// </summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    private const string Reset = "\e[0m";

    private readonly Lock _writing = new();
    private readonly ConsoleTerminal _terminal = new();
    private readonly ProgressLine _progress;
    private readonly IInput? _input;
    private string _lineSoFar = "";
    private bool _writesErrors;

    public ConsoleUserInterface(bool mayAsk)
    {
        _progress = new ProgressLine(_terminal);
        if (mayAsk)
        {
            _input = ConsoleTerminal.HasInput
                ? new TerminalInput(_terminal)
                : new RedirectedInput(Console.In, ConsoleTerminal.Writer);
        }
        RawUI = new ConsoleRawUserInterface(_terminal, mayAsk && ConsoleTerminal.HasInput);
    }

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal => ConsoleTerminal.HasColour;

    private IInput Input
    {
        get
        {
            EndProgress();
            return _input ?? throw new PSInvalidOperationException(
                "The session is not interactive: it cannot ask, so give the answer as a parameter.");
        }
    }

    private static bool KeepsEscapes => PSStyle.Instance.OutputRendering switch
    {
        OutputRendering.Ansi => true,
        OutputRendering.PlainText => false,
        _ => ConsoleTerminal.HasColour,
    };

    private Questions Questions => new(Input, ConsoleTerminal.Writer);

    public override void Write(string value) => Write(Console.Out, KeepsEscapes ? value : Plain(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(PSStyle.MapForegroundColorToEscapeSequence(foregroundColor)
            + PSStyle.MapBackgroundColorToEscapeSequence(backgroundColor) + value + Reset);

    public override void WriteLine(string value)
    {
        if (_writesErrors)
        {
            WriteErrorLine(value);
        }
        else
        {
            Write(value + Environment.NewLine);
        }
    }

    public override void WriteErrorLine(string value) => Report(PSStyle.Instance.Formatting.Error, value);

    public override void WriteWarningLine(string message) =>
        Report(PSStyle.Instance.Formatting.Warning, $"WARNING: {message}");

    public override void WriteVerboseLine(string message) =>
        Report(PSStyle.Instance.Formatting.Verbose, $"VERBOSE: {message}");

    public override void WriteDebugLine(string message) =>
        Report(PSStyle.Instance.Formatting.Debug, $"DEBUG: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_writing)
        {
            _progress.Show(record);
        }
    }

    /// <summary>Sends to standard error what the engine formats like any output, not knowing that it shows an error.</summary>
    public void WriteAsErrors(Action write)
    {
        _writesErrors = true;
        try
        {
            write();
        }
        finally
        {
            _writesErrors = false;
        }
    }

    public void EndProgress()
    {
        lock (_writing)
        {
            _progress.Erase();
        }
    }

    /// <summary>A line of input to the session itself, with history and completion.</summary>
    /// <returns>Null when there is no more input.</returns>
    public string? ReadCommand(string prompt, Func<string, int, CommandCompletion?> complete)
    {
        _terminal.EnsureNewLine();
        _lineSoFar = "";
        return (Input as TerminalInput)?.ReadCommand(prompt, complete);
    }

    public override string ReadLine() => Input.ReadLine(TakeLineSoFar());

    public override SecureString ReadLineAsSecureString()
    {
        // What was written before it is on the screen already, and a secret draws nothing over it.
        TakeLineSoFar();
        return Input.ReadSecret("");
    }

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) =>
        Questions.AskForFields(caption, message, descriptions);

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Questions.Choose(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) =>
        Questions.AskForCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        Questions.AskForCredential(caption, message, userName);

    /// <summary>What a cmdlet wrote as the prompt of the line it reads next: the editor draws it again with the line.</summary>
    private string TakeLineSoFar()
    {
        var line = ConsoleTerminal.HasInput && ConsoleTerminal.HasOutput ? _lineSoFar : "";
        _lineSoFar = "";
        return line;
    }

    /// <summary>Colour is this host's own affair here: what the engine put in was for standard output.</summary>
    private void Report(string style, string text)
    {
        var plain = Plain(text);
        var shown = ConsoleTerminal.HasErrorColour ? $"{style}{plain}{Reset}" : plain;
        Write(Console.Error, shown + Environment.NewLine);
    }

    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);

    private void Write(TextWriter writer, string text)
    {
        lock (_writing)
        {
            _progress.Erase();
            writer.Write(text);
            var newLine = text.LastIndexOf('\n');
            _lineSoFar = newLine < 0 ? _lineSoFar + text : text[(newLine + 1)..];
        }
    }
}
