namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Finds the line numbers of positions in a text. For ascending positions, it scans the text only once.
/// </summary>
internal sealed class LineCounter(string text)
{
    private int _position;
    private int _line = 1;

    /// <summary>The line of a position, from 1.</summary>
    public int LineOf(int position)
    {
        if (position < _position)
            (_position, _line) = (0, 1);
        _line += text.AsSpan(_position, position - _position).Count('\n');
        _position = position;
        return _line;
    }
}
