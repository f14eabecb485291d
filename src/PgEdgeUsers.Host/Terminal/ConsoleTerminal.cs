using System.Runtime.InteropServices;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>The process's console: what of it is a terminal, and the terminal itself.</summary>
internal sealed partial class ConsoleTerminal : ITerminal
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 25;

    public ConsoleTerminal()
    {
        if (OperatingSystem.IsWindows())
        {
            EnableEscapeSequences();
        }
    }

    public static bool HasInput => !Console.IsInputRedirected;

    public static bool HasOutput => !Console.IsOutputRedirected;

    public static bool HasColour => HasOutput && ColourIsWanted;

    public static bool HasErrorColour => !Console.IsErrorRedirected && ColourIsWanted;

    /// <summary>Where questions go: what is asked must not end up in a file that output was sent to.</summary>
    public static TextWriter Writer => HasOutput ? Console.Out : Console.Error;

    public int Width => Console.WindowWidth is > 0 and var width ? width : UsualWidth;

    public static int Height => Console.WindowHeight is > 0 and var height ? height : UsualHeight;

    private static bool ColourIsWanted =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public ConsoleKeyInfo ReadKey() => Console.ReadKey(intercept: true);

    public void Write(string text) => Writer.Write(text);

    /// <summary>
    /// Begins a new line if something, a native command say, has left the cursor inside one. A row of blanks
    /// goes over the edge only from there; asking the terminal instead would hang on one that does not answer.
    /// </summary>
    public void EnsureNewLine()
    {
        if (HasOutput)
        {
            Write(new string(' ', Width) + "\r\e[J");
        }
    }

    /// <summary>Windows consoles take escape sequences only when asked to.</summary>
    private static void EnableEscapeSequences()
    {
        const int StandardOutput = -11;
        const uint VirtualTerminalProcessing = 4;
        var handle = GetStdHandle(StandardOutput);
        if (GetConsoleMode(handle, out var mode))
        {
            SetConsoleMode(handle, mode | VirtualTerminalProcessing);
        }
    }

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetStdHandle(int handle);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(nint handle, out uint mode);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(nint handle, uint mode);
}
