namespace PgEdgeUsers.Host.Tests;

/// <summary>Key presses as .NET reports them, written as text with the names of the other keys in angle brackets.</summary>
internal static class Press
{
    public static ConsoleKeyInfo[] Parse(string typed)
    {
        var keys = new List<ConsoleKeyInfo>();
        for (var i = 0; i < typed.Length; i++)
        {
            if (typed[i] == '<')
            {
                var end = typed.IndexOf('>', i);
                keys.Add(Named(typed[(i + 1)..end]));
                i = end;
            }
            else
            {
                keys.Add(new ConsoleKeyInfo(typed[i], key: default, shift: false, alt: false, control: false));
            }
        }
        return [.. keys];
    }

    private static ConsoleKeyInfo Named(string name) => name switch
    {
        ['^', var letter] => new((char)(letter - 'A' + 1), Enum.Parse<ConsoleKey>([letter]), shift: false, alt: false, control: true),
        "EndOfInput" => default,
        "Enter" => Key('\r', ConsoleKey.Enter),
        "Backspace" => Key('\b', ConsoleKey.Backspace),
        "Tab" => Key('\t', ConsoleKey.Tab),
        "ShiftTab" => new('\t', ConsoleKey.Tab, shift: true, alt: false, control: false),
        "Delete" or "Home" or "End" => Key('\0', Enum.Parse<ConsoleKey>(name)),
        _ => Key('\0', Enum.Parse<ConsoleKey>(name + "Arrow")),
    };

    private static ConsoleKeyInfo Key(char character, ConsoleKey key) =>
        new(character, key, shift: false, alt: false, control: false);
}
