namespace PgEdgeUsers.Host;

/// <summary>What the command line asks for. Names follow pwsh, so that nobody has to learn others.</summary>
internal sealed record HostArguments
{
    /// <summary>Exit code for a command line that cannot be understood; the one pwsh uses.</summary>
    public const int UsageError = 64;

    public const string Usage = """
        Usage: pgedge-users [-NonInteractive] [-Command <text> | -File <script.ps1> [<arguments>]]

        Opens a PowerShell prompt with the PgEdgeUsers module, or runs what is given and exits.
        Without -Command and -File, redirected standard input is run as a script.

          -Command, -c      Run the text; all that follows belongs to it.
          -File, -f         Run the script; all that follows is its arguments.
          -NonInteractive   Never ask: what would need an answer fails instead.
          -Help, -h         Show this text.

        Results go to standard output; errors, warnings and verbose messages to standard error.
        A confirmation or password can be answered through redirected standard input;
        the end of that input is never taken for an answer.

        Exit code: 0, or what the script's exit says; 1 when it fails; 64 when these arguments
        are not understood; 130 when Ctrl+C stopped it.
        """;

    public string? Command { get; private init; }

    public string? File { get; private init; }

    public IReadOnlyList<string> FileArguments { get; private init; } = [];

    public bool NonInteractive { get; private init; }

    public bool Help { get; private init; }

    /// <summary>What is wrong with the command line, if anything.</summary>
    public string? Complaint { get; private init; }

    public static HostArguments Parse(ReadOnlySpan<string> args)
    {
        var result = new HostArguments();
        for (var i = 0; i < args.Length; i++)
        {
            var rest = args[(i + 1)..];
            switch (args[i].ToUpperInvariant())
            {
                case "-HELP" or "-H" or "--HELP" or "-?":
                    return result with { Help = true };
                case "-NONINTERACTIVE":
                    result = result with { NonInteractive = true };
                    break;
                case "-COMMAND" or "-C":
                    return rest.IsEmpty
                        ? Wrong("-Command needs the text to run.")
                        : result with { Command = string.Join(' ', rest!) };
                case "-FILE" or "-F":
                    return rest.IsEmpty ? Wrong("-File needs the path of a script.") : result.WithFile(rest);
                default:
                    return Wrong($"the argument '{args[i]}' is not known; -Help lists those that are.");
            }
        }
        return result.NonInteractive && !Console.IsInputRedirected
            ? Wrong("-NonInteractive needs -Command, -File or a script on standard input.")
            : result;
    }

    private HostArguments WithFile(ReadOnlySpan<string> rest)
    {
        var path = Path.GetFullPath(rest[0]);
        return path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) && System.IO.File.Exists(path)
            ? this with { File = path, FileArguments = rest[1..].ToArray() }
            : Wrong($"'{rest[0]}' is not the name of a script file (.ps1) that exists.");
    }

    private static HostArguments Wrong(string complaint) => new() { Complaint = complaint };
}
