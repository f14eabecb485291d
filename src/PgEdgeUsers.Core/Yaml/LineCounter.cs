namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Gives the lines of positions in a text. In ascending order each part of the text is looked at once.
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
