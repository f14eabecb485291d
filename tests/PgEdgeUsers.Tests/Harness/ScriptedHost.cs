using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>A host without a terminal: prompts get scripted answers, or the refusal that <c>pwsh -NonInteractive</c> gives; what is shown is kept.</summary>
internal sealed class ScriptedHost : PSHost
{
    private readonly ScriptedUI _ui = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CurrentCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Scripted";

    public override PSHostUserInterface UI => _ui;

    public override Version Version { get; } = new(1, 0);

    /// <summary>What was written to the screen, without the colours that PowerShell gives to the headers of tables.</summary>
    public string Screen
    {
        get
        {
            var style = PSStyle.Instance;
            return new[] { style.Formatting.TableHeader, style.Formatting.CustomTableHeaderLabel, style.Reset }
                .Aggregate(_ui.Screen.ToString(), (text, code) => text.Replace(code, "", StringComparison.Ordinal));
        }
    }

    /// <summary>The questions that were asked, in order.</summary>
    public IReadOnlyList<string> Questions => _ui.Questions;

    /// <summary>What was said before credentials were asked for, in order.</summary>
    public IReadOnlyList<string> Messages => _ui.Messages;

    /// <summary>Answers to the next questions: the text of a hidden entry, or the label of a choice.</summary>
    public void Answer(params IEnumerable<string> answers)
    {
        foreach (var answer in answers)
            _ui.Answers.Enqueue(answer);
    }

    public override void EnterNestedPrompt()
    {
    }

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class ScriptedUI : PSHostUserInterface
    {
        public Queue<string> Answers { get; } = [];

        public List<string> Questions { get; } = [];

        public List<string> Messages { get; } = [];

        public StringBuilder Screen { get; } = new();

        public override PSHostRawUserInterface RawUI { get; } = new Screen120();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            descriptions.ToDictionary(field => field.Name, field => new PSObject(
                field.ParameterTypeName == nameof(SecureString) ? Secret.Of(Ask(field.Name)) : Ask(field.Name)));

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            var answer = Ask($"{caption}|{message}");
            return choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal)).ToList().IndexOf(answer);
        }

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
        {
            Messages.Add(message);
            return new(string.IsNullOrEmpty(userName) ? Ask("User") : userName, Secret.Of(Ask($"Password for {userName}")));
        }

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            PromptForCredential(caption, message, userName, targetName);

        public override string ReadLine() => Ask("");

        public override SecureString ReadLineAsSecureString()
        {
            var entry = Secret.Of(Ask(Screen.ToString().Split('\n')[^1]));
            Screen.Append('\n');
            return entry;
        }

        public override void Write(string value) => Screen.Append(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

        public override void WriteLine(string value) => Screen.Append(value).Append('\n');

        public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

        public override void WriteErrorLine(string value) => WriteLine(value);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

        public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

        private string Ask(string question)
        {
            if (!Answers.TryDequeue(out var answer))
                throw new PSInvalidOperationException("Read and prompt functionality is not available: the host has no user.");
            Questions.Add(question);
            return answer;
        }
    }

    /// <summary>Wide enough for whole tables.</summary>
    private sealed class Screen120 : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; }

        public override Size BufferSize { get; set; } = new(120, 50);

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; }

        public override bool KeyAvailable => false;

        public override Size MaxPhysicalWindowSize => BufferSize;

        public override Size MaxWindowSize => BufferSize;

        public override Coordinates WindowPosition { get; set; }

        public override Size WindowSize { get; set; } = new(120, 50);

        public override string WindowTitle { get; set; } = "";

        public override void FlushInputBuffer()
        {
        }

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

        public override KeyInfo ReadKey(ReadKeyOptions options) => default;

        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
        {
        }

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
        {
        }

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
        {
        }
    }
}
