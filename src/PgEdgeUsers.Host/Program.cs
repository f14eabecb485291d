using PgEdgeUsers.Host;
using PgEdgeUsers.Host.Terminal;

// Before the engine is loaded: it would report its use to its makers.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

var arguments = HostArguments.Parse(args);
var ui = new ConsoleUserInterface(mayAsk: !arguments.NonInteractive);
if (arguments.Help)
{
    ui.WriteLine(HostArguments.Usage);
    return 0;
}
if (arguments.Complaint is { } complaint)
{
    ui.WriteErrorLine($"pgedge-users: {complaint}");
    return HostArguments.UsageError;
}

try
{
    using var session = new Session(ui);
    Console.CancelKeyPress += (_, e) =>
    {
        // The other key, Ctrl+\ or Ctrl+Break, still ends a process in which nothing answers.
        e.Cancel = e.SpecialKey == ConsoleSpecialKey.ControlC;
        session.Stop();
    };
    if (session.ImportModule() is not 0 and var failure)
    {
        return failure;
    }
    return arguments switch
    {
        { Command: { } command } => session.RunScript(command),
        { File: { } file } => session.RunFile(file, arguments.FileArguments),
        _ when Console.IsInputRedirected => session.RunScript(Console.In.ReadToEnd()),
        _ => new PromptLoop(session, ui).Run(),
    };
}
catch (Exception e)
{
    // Whatever goes wrong in the host itself, its user reads a sentence and not a stack trace.
    try
    {
        ui.WriteErrorLine($"pgedge-users: {e.Message}");
    }
    catch (IOException)
    {
        // The terminal is gone, and with it who would have read this.
    }
    return 1;
}
