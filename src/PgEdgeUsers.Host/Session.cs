using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host;

/// <summary>A runspace with the module: runs input in it, stops it, and knows the exit code.</summary>
internal sealed partial class Session : IDisposable
{
    /// <summary>Exit code of what Ctrl+C stopped: 128 and SIGINT's number, as in every shell.</summary>
    private const int Interrupted = 130;

    private static readonly string Modules = Path.Combine(AppContext.BaseDirectory, "Modules");

    private readonly ConsoleUserInterface _ui;
    private readonly Runspace _runspace;
    private volatile PowerShell? _running;
    private bool _stopped;
    private bool _leaveNested;

    public Session(ConsoleUserInterface ui)
    {
        _ui = ui;
        var state = InitialSessionState.CreateDefault2();
        // The engine's own help function pages through cmdlets that only pwsh has, and has nothing to say of this module.
        state.Commands.Remove("help", typeof(SessionStateFunctionEntry));
        state.Commands.Add(new SessionStateFunctionEntry("help", "if ($args) { Get-Help @args } else { Get-Help about_PgEdgeUsers }"));
        _runspace = RunspaceFactory.CreateRunspace(new ConsoleHost(this, ui), state);
        _runspace.Open();
        PutModulesFirst();
    }

    /// <summary>The code that an <c>exit</c> has asked for; null while the session goes on.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>How many prompts are open inside running pipelines.</summary>
    public int NestedPrompts { get; private set; }

    private int CodeOfFailure => _stopped ? Interrupted : 1;

    /// <returns>Zero, or the exit code for a session that cannot begin.</returns>
    public int ImportModule()
    {
        var import = new PSCommand().AddCommand("Import-Module")
            .AddParameter("Name", Path.Combine(Modules, "PgEdgeUsers"))
            .AddParameter("Global")
            .AddParameter("ErrorAction", ActionPreference.Stop);
        return Run(import, addToHistory: false) ? 0 : CodeOfFailure;
    }

    /// <summary>Runs text as -Command does: it fails when its last statement did.</summary>
    public int RunScript(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        if (errors is [var error, ..])
        {
            // Said here because the engine does not say where text is wrong that merely stops too soon.
            Show(error);
            return 1;
        }
        return CodeAfter(Run(new PSCommand().AddScript(text, useLocalScope: false)), failure: 1);
    }

    /// <summary>Runs a script file: it fails when it throws or exits with a code of its own.</summary>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        // Called from a script, as someone would type it: only so does the engine tell how the file ended.
        var call = string.Join(' ', arguments.Select(Quote).Prepend($"& {Quote(path)}"));
        var completed = Run(new PSCommand().AddScript(call, useLocalScope: false));
        return CodeAfter(completed, failure: _runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? ?? 1);
    }

    /// <summary>Runs what was typed at the prompt; its errors are on the screen and end nothing.</summary>
    public void RunTyped(string text) => Run(new PSCommand().AddScript(text, useLocalScope: false));

    /// <summary>What a script returns, for the host's own use; nothing when it fails.</summary>
    public Collection<PSObject> Ask(string script)
    {
        using var shell = NewShell();
        try
        {
            return shell.AddScript(script).Invoke();
        }
        catch (RuntimeException)
        {
            return [];
        }
    }

    /// <returns>Null when it fails: no completion is worth the line being typed.</returns>
    public CommandCompletion? Complete(string text, int cursor)
    {
        using var shell = NewShell();
        try
        {
            return CommandCompletion.CompleteInput(text, cursor, options: null, shell);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Asks the running pipeline to stop, without waiting; safe from any thread.</summary>
    public void Stop()
    {
        try
        {
            _running?.BeginStop(callback: null, state: null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the meantime.
        }
    }

    public void RequestExit(int code)
    {
        if (NestedPrompts > 0)
        {
            _leaveNested = true;
        }
        else
        {
            ExitCode = code;
        }
    }

    public void ExitNestedPrompt() => _leaveNested = NestedPrompts > 0;

    /// <summary>The Suspend choice of a confirmation: a prompt while the pipeline waits, until its <c>exit</c>.</summary>
    public void EnterNestedPrompt()
    {
        NestedPrompts++;
        try
        {
            new PromptLoop(this, _ui).RunUntil(() => _leaveNested);
        }
        finally
        {
            NestedPrompts--;
            _leaveNested = false;
        }
    }

    public void Dispose() => _runspace.Dispose();

    /// <returns>Whether it ran to its end; errors that ended it are shown.</returns>
    private bool Run(PSCommand command, bool addToHistory = true)
    {
        using var shell = NewShell();
        command.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands = command.AddCommand("Out-Default");
        var outer = _running;
        _running = shell;
        _stopped = false;
        try
        {
            // The engine keeps $? only of what goes into the history.
            shell.Invoke(input: null, new PSInvocationSettings { AddToHistory = addToHistory });
            _stopped = shell.InvocationStateInfo.State == PSInvocationState.Stopped;
            return !_stopped;
        }
        catch (PipelineStoppedException)
        {
            _stopped = true;
            return false;
        }
        catch (ParseException e) when (e.Errors is [var error, ..])
        {
            Show(error);
            return false;
        }
        catch (RuntimeException e)
        {
            Show(e.ErrorRecord);
            return false;
        }
        finally
        {
            _running = outer;
            _ui.EndProgress();
        }
    }

    /// <summary>Shows an error as the session's own view has it.</summary>
    private void Show(ErrorRecord error)
    {
        using var shell = NewShell();
        shell.AddCommand("Out-Default").AddParameter("InputObject", error);
        _ui.WriteAsErrors(() => shell.Invoke());
    }

    private void Show(ParseError error)
    {
        var at = error.Extent;
        var file = at.File is null ? "" : $"{at.File}: ";
        _ui.WriteErrorLine(
            $"ParserError: {file}line {at.StartLineNumber}, column {at.StartColumnNumber}: {error.Message}");
    }

    private int CodeAfter(bool completed, int failure)
    {
        if (ExitCode is { } code)
        {
            return code;
        }
        if (!completed)
        {
            return CodeOfFailure;
        }
        using var shell = NewShell();
        return shell.AddScript("$global:?").Invoke<bool>()[0] ? 0 : failure;
    }

    /// <summary>Inside a nested prompt the runspace is busy, and only its own thread may run more in it.</summary>
    private PowerShell NewShell() =>
        NestedPrompts > 0 ? PowerShell.Create(RunspaceMode.CurrentRunspace) : PowerShell.Create(_runspace);

    /// <summary>An argument as the script gets it: the text itself, but for -Name, -Name:$true and -Name:$false.</summary>
    private static string Quote(string argument) =>
        Parameter().IsMatch(argument) ? argument : $"'{CodeGeneration.EscapeSingleQuotedStringContent(argument)}'";

    [GeneratedRegex(@"^-[A-Za-z_]\w*(:\$(true|false))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    private static void PutModulesFirst()
    {
        const string Variable = "PSModulePath";
        var others = Environment.GetEnvironmentVariable(Variable)?.Split(Path.PathSeparator) ?? [];
        Environment.SetEnvironmentVariable(Variable,
            string.Join(Path.PathSeparator, others.Where(folder => folder != Modules).Prepend(Modules)));
    }
}
