namespace PgEdgeUsers.Host.Terminal;

/// <summary>The lines typed in this session. Kept in memory alone: a line may hold what belongs in no file.</summary>
internal sealed class LineHistory
{
    private readonly List<string> _lines = [];
    private int _position;
    private string _draft = "";

    public void Add(string line)
    {
        if (!string.IsNullOrWhiteSpace(line) && _lines.LastOrDefault() != line)
        {
            _lines.Add(line);
        }
        _position = _lines.Count;
    }

    /// <param name="current">What is being typed, which coming back all the way brings back.</param>
    public string Previous(string current)
    {
        if (_position == _lines.Count)
        {
            _draft = current;
        }
        return _position == 0 ? current : _lines[--_position];
    }

    public string Next(string current) =>
        _position == _lines.Count ? current : ++_position == _lines.Count ? _draft : _lines[_position];
}
