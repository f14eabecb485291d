namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Finds the line numbers of ascending positions in a text, which it scans only once.
/// </summary>
internal sealed class LineCounter(string text)
{
    private int _position;
    private int _line = 1;

    /// <summary>The line of a position that is not before the previous one, from 1.</summary>
    public int LineOf(int position)
    {
        _line += text.AsSpan(_position, position - _position).Count('\n');
        _position = position;
        return _line;
    }
}
