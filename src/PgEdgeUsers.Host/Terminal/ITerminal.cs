namespace PgEdgeUsers.Host.Terminal;

/// <summary>The little that editing a line needs of a terminal, so that it can be tried without one.</summary>
internal interface ITerminal
{
    int Width { get; }

    ConsoleKeyInfo ReadKey();

    void Write(string text);
}
