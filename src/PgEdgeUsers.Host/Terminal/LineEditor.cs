using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>
/// Edits one line on a terminal, which may wrap over several rows. Every key redraws the whole line from where
/// its prompt began, with relative movements only, so the terminal is never asked where the cursor is.
/// </summary>
internal sealed class LineEditor(
    ITerminal terminal, LineHistory? history = null, Func<string, int, CommandCompletion?>? complete = null)
{
    private readonly StringBuilder _text = new();
    private string _prompt = "";
    private int _promptCells;
    private int _cursor;
    private int _cursorRow;
    private CommandCompletion? _completion;

    /// <returns>Null when there is no more input.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public string? ReadLine(string prompt)
    {
        Begin(prompt);
        while (true)
        {
            var key = terminal.ReadKey();
            if (key.IsEnter)
            {
                Finish();
                history?.Add(_text.ToString());
                return _text.ToString();
            }
            if (key.IsEndOfInput || (key.IsControl(ConsoleKey.D) && _text.Length == 0))
            {
                Finish();
                return null;
            }
            if (key.IsControl(ConsoleKey.C))
            {
                Finish("^C");
                throw new PipelineStoppedException();
            }
            Edit(key);
            // Half a character cannot be drawn: its other half is the next key.
            if (!char.IsHighSurrogate(key.KeyChar))
            {
                Draw();
            }
        }
    }

    private void Begin(string prompt)
    {
        var lastLine = prompt.LastIndexOf('\n') + 1;
        terminal.Write(prompt[..lastLine]);
        _prompt = prompt[lastLine..];
        _promptCells = CellWidth.Of(new StringDecorated(_prompt).ToString(OutputRendering.PlainText));
        _text.Clear();
        _cursor = 0;
        _cursorRow = 0;
        _completion = null;
        Draw();
    }

    private void Edit(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Tab)
        {
            Complete(forward: (key.Modifiers & ConsoleModifiers.Shift) == 0);
            return;
        }
        _completion = null;
        switch (key)
        {
            case { Key: ConsoleKey.LeftArrow }:
                _cursor = Before(_cursor);
                break;
            case { Key: ConsoleKey.RightArrow }:
                _cursor = After(_cursor);
                break;
            case { Key: ConsoleKey.UpArrow } when history is not null:
                Replace(history.Previous(_text.ToString()));
                break;
            case { Key: ConsoleKey.DownArrow } when history is not null:
                Replace(history.Next(_text.ToString()));
                break;
            case { Key: ConsoleKey.Home }:
            case { Key: ConsoleKey.A, Modifiers: ConsoleModifiers.Control }:
                _cursor = 0;
                break;
            case { Key: ConsoleKey.End }:
            case { Key: ConsoleKey.E, Modifiers: ConsoleModifiers.Control }:
                _cursor = _text.Length;
                break;
            case { Key: ConsoleKey.Backspace }:
                RemoveBackTo(Before(_cursor));
                break;
            case { Key: ConsoleKey.Delete }:
            case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control }:
                _text.Remove(_cursor, After(_cursor) - _cursor);
                break;
            case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                RemoveBackTo(0);
                break;
            case { Key: ConsoleKey.K, Modifiers: ConsoleModifiers.Control }:
                _text.Length = _cursor;
                break;
            case { Key: ConsoleKey.W, Modifiers: ConsoleModifiers.Control }:
                RemoveBackTo(WordBefore(_cursor));
                break;
            case { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control }:
                terminal.Write("\e[H\e[2J");
                _cursorRow = 0;
                break;
            default:
                if (key.IsText)
                {
                    _text.Insert(_cursor++, key.KeyChar);
                }
                break;
        }
    }

    private void Complete(bool forward)
    {
        _completion ??= complete?.Invoke(_text.ToString(), _cursor);
        if (_completion?.GetNextResult(forward) is not { } match)
        {
            return;
        }
        _text.Remove(_completion.ReplacementIndex, _completion.ReplacementLength)
            .Insert(_completion.ReplacementIndex, match.CompletionText);
        _completion.ReplacementLength = match.CompletionText.Length;
        _cursor = _completion.ReplacementIndex + match.CompletionText.Length;
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        _cursor = _text.Length;
    }

    private void RemoveBackTo(int start)
    {
        _text.Remove(start, _cursor - start);
        _cursor = start;
    }

    private int After(int position) =>
        position + StringInfo.GetNextTextElementLength(_text.ToString().AsSpan(position));

    private int Before(int position)
    {
        var start = 0;
        while (start < position && After(start) < position)
        {
            start = After(start);
        }
        return start;
    }

    private int WordBefore(int position)
    {
        while (position > 0 && char.IsWhiteSpace(_text[position - 1]))
        {
            position--;
        }
        while (position > 0 && !char.IsWhiteSpace(_text[position - 1]))
        {
            position--;
        }
        return position;
    }

    private void Finish(string mark = "")
    {
        _cursor = _text.Length;
        Draw();
        terminal.Write(mark + Environment.NewLine);
    }

    private void Draw()
    {
        var text = _text.ToString();
        var (endRow, endColumn) = Place(text);
        var (row, column) = Place(text.AsSpan(0, _cursor));
        var drawing = new StringBuilder().Append(Up(_cursorRow)).Append('\r').Append(_prompt).Append(text);
        if (endColumn == 0 && endRow > 0)
        {
            // A full row leaves the cursor on its last cell until something follows.
            drawing.Append('\n').Append('\r');
        }
        drawing.Append("\e[J").Append(Up(endRow - row)).Append('\r');
        if (column > 0)
        {
            drawing.Append(CultureInfo.InvariantCulture, $"\e[{column}C");
        }
        terminal.Write(drawing.ToString());
        _cursorRow = row;
    }

    private static string Up(int rows) => rows > 0 ? string.Create(CultureInfo.InvariantCulture, $"\e[{rows}A") : "";

    /// <summary>Where the cell after the text is, counted from where the prompt began.</summary>
    private (int Row, int Column) Place(ReadOnlySpan<char> text)
    {
        var width = terminal.Width;
        var (row, column) = Math.DivRem(_promptCells, width);
        foreach (var rune in text.EnumerateRunes())
        {
            var cells = CellWidth.Of(rune);
            if (column + cells > width)
            {
                (row, column) = (row + 1, 0);
            }
            column += cells;
        }
        return column == width ? (row + 1, 0) : (row, column);
    }
}
