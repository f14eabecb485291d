using System.Globalization;
using System.Text;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host.Tests;

/// <summary>A terminal of the few sequences the host uses, with the keys that will be pressed on it.</summary>
internal sealed class Screen(int width, params ConsoleKeyInfo[] keys) : ITerminal
{
    private readonly Queue<ConsoleKeyInfo> _keys = new(keys);
    private readonly List<string[]> _rows = [Blank(width)];
    private readonly StringBuilder _written = new();
    private int _row;
    private int _column;

    public int Width => width;

    public string Written => _written.ToString();

    /// <summary>The rows as they look, without what is blank at their ends.</summary>
    public string[] Rows => [.. _rows.Select(row => string.Concat(row).TrimEnd())];

    /// <summary>How it all looked whenever a key was about to be read: the rows, and where the cursor was.</summary>
    public List<string> Seen { get; } = [];

    public ConsoleKeyInfo ReadKey()
    {
        Seen.Add($"{string.Join('/', Rows)} {_row},{_column}");
        return _keys.Dequeue();
    }

    public void Write(string text)
    {
        _written.Append(text);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\e')
            {
                var end = text.AsSpan(i).IndexOfAny("ACHJm") + i;
                var count = int.TryParse(text.AsSpan(i + 2, end - i - 2), CultureInfo.InvariantCulture, out var n) ? n : 0;
                Obey(text[end], count);
                i = end + 1;
            }
            else
            {
                var rune = Rune.GetRuneAt(text, i);
                Put(rune);
                i += rune.Utf16SequenceLength;
            }
        }
    }

    private static string[] Blank(int width) => [.. Enumerable.Repeat(" ", width)];

    private void Obey(char command, int count)
    {
        switch (command)
        {
            case 'A':
                Assert.InRange(count, 1, _row);
                _row -= count;
                break;
            case 'C':
                _column += count;
                Assert.InRange(_column, 0, width - 1);
                break;
            case 'H':
                (_row, _column) = (0, 0);
                break;
            case 'J' when count == 2:
                _rows.Clear();
                _rows.Add(Blank(width));
                break;
            case 'J':
                Assert.True(_column < width, "Erasing from a full row takes its last cell away.");
                _rows[_row].AsSpan(_column).Fill(" ");
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case 'm':
                // A colour, which moves nothing.
                break;
        }
    }

    private void Put(Rune rune)
    {
        switch (rune.Value)
        {
            case '\r':
                _column = 0;
                return;
            case '\n':
                // As the terminal driver has it: a new line begins at its start.
                (_row, _column) = (_row + 1, 0);
                break;
            default:
                var cells = CellWidth.Of(rune);
                if (_column + cells > width)
                {
                    (_row, _column) = (_row + 1, 0);
                }
                break;
        }
        if (_row == _rows.Count)
        {
            _rows.Add(Blank(width));
        }
        if (rune.Value == '\n')
        {
            return;
        }
        if (CellWidth.Of(rune) == 0)
        {
            _rows[_row][_column - 1] += rune;
            return;
        }
        _rows[_row][_column] = rune.ToString();
        if (CellWidth.Of(rune) == 2)
        {
            _rows[_row][_column + 1] = "";
        }
        _column += CellWidth.Of(rune);
    }
}
