namespace PgEdgeUsers.Host.Terminal;

/// <summary>What key presses mean, in one place for all that read them.</summary>
internal static class Keys
{
    extension(ConsoleKeyInfo key)
    {
        /// <summary>A character to take as typed. Control and Alt together is how AltGr arrives.</summary>
        public bool IsText =>
            !char.IsControl(key.KeyChar)
            && ((key.Modifiers & ConsoleModifiers.Alt) == 0 || (key.Modifiers & ConsoleModifiers.Control) != 0);

        /// <summary>What .NET returns, again and again, once the terminal is gone.</summary>
        public bool IsEndOfInput => key == default;

        public bool IsControl(ConsoleKey letter) => key.Key == letter && key.Modifiers == ConsoleModifiers.Control;

        public bool IsEnter => key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n';
    }
}
