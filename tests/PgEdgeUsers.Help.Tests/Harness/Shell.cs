using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>A session of the real engine with the staged module. It has the engine's own cmdlets only; the utility cmdlets need pwsh.</summary>
public sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    public Shell()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        state.ImportPSModule([Repository.Module]);
        _runspace = RunspaceFactory.CreateRunspace(new AnsweringHost(), state);
        _runspace.Open();
        Commands = Run("Get-Command -Module PgEdgeUsers").Output.Select(command => (CmdletInfo)command.BaseObject).ToDictionary(command => command.Name);
    }

    /// <summary>The cmdlets of the module, by name.</summary>
    public IReadOnlyDictionary<string, CmdletInfo> Commands { get; }

    public void Dispose() => _runspace.Dispose();

    /// <summary>Runs a script and gives its output and all of its errors.</summary>
    internal (IReadOnlyList<PSObject> Output, IReadOnlyList<string> Errors) Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        try
        {
            var output = shell.AddScript(script, useLocalScope: true).Invoke();
            return ([.. output], [.. shell.Streams.Error.Select(error => error.ToString())]);
        }
        catch (RuntimeException stopped)
        {
            return ([], [.. shell.Streams.Error.Select(error => error.ToString()), stopped.Message]);
        }
    }

    /// <summary>Runs a script as a reader of the help types it: in the prepared folder, with the variables that the help speaks of.</summary>
    internal IReadOnlyList<string> Try(string script, string server)
    {
        using var folder = new PreparedFolder();
        var variables = _runspace.SessionStateProxy;
        variables.Path.SetLocation(WildcardPattern.Escape(folder.Path));
        variables.SetVariable("password", AnsweringHost.Secret(AnsweringHost.Password));
        variables.SetVariable("credential", new PSCredential("alice", AnsweringHost.Secret(AnsweringHost.Password)));
        variables.SetVariable("server", server);
        variables.SetVariable("session", Run("New-PgEdgeSession -Credential $credential -NoAudit").Output.Single());
        try
        {
            return Run(script).Errors;
        }
        finally
        {
            variables.Path.SetLocation(WildcardPattern.Escape(AppContext.BaseDirectory));
        }
    }

    /// <summary>Whether this session has all commands of a script. Those that it has not, pwsh has.</summary>
    internal bool HasCommandsOf(string script) =>
        CommandsIn(script).All(name => name is null || _runspace.SessionStateProxy.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet | CommandTypes.Alias) is not null);

    /// <summary>The names of the commands in a script; null for one that is computed.</summary>
    internal static IEnumerable<string?> CommandsIn(string script) =>
        Parser.ParseInput(script, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Select(ast => ((CommandAst)ast).GetCommandName());
}
