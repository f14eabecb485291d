namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// What stands between the nodes of a text: blanks, comments and the indicators that belong there. The parser is laxer there
/// than the server's, for instance with tabs, commas and colons, so all of it is read once more.
/// </summary>
internal sealed class TextBetween(string text)
{
    private int _at = DocumentText.StartOf(text);
    private int _braces;
    private bool _allowsTab;

    /// <summary>Where the last node or indicator ends.</summary>
    public int End { get; private set; } = DocumentText.StartOf(text);

    /// <summary>Whether the place is within braces or brackets, where lines and indentation do not matter.</summary>
    public bool IsFlow => _braces > 0;

    /// <summary>Passes blanks and comments and then a piece of the text that is known.</summary>
    public void Pass(int start, int end)
    {
        PassBlanks();
        if (_at != start)
            throw Refuse(_at);
        End = _at = end;
        _allowsTab = end > 0 && !DocumentText.LineBreaks.Contains(text[end - 1]);
    }

    /// <summary>Passes an indicator, when it is the next thing, and says whether it is.</summary>
    public bool TryPass(char indicator)
    {
        PassBlanks();
        if (_at == text.Length || text[_at] != indicator)
            return false;
        if (indicator == '?' && _at + 1 < text.Length && !DocumentText.Blanks.Contains(text[_at + 1]))
            return false;
        End = ++_at;
        // Behind these the server's parser looks for a key.
        _allowsTab &= indicator is not ('-' or '?');
        return true;
    }

    /// <summary>Passes an indicator.</summary>
    public void Pass(char indicator)
    {
        if (!TryPass(indicator))
            throw Refuse(_at);
    }

    /// <summary>Passes an opening brace or bracket.</summary>
    public void Open(int at)
    {
        Pass(at, at + 1);
        _braces++;
    }

    /// <summary>Passes a closing brace or bracket.</summary>
    public void Close(int at)
    {
        Pass(at, at + 1);
        _braces--;
    }

    private void PassBlanks()
    {
        for (; _at < text.Length; _at++)
        {
            switch (text[_at])
            {
                case ' ':
                    break;
                case '\t':
                    if (!_allowsTab && !IsFlow)
                        throw Refuse(_at, "a tab stands where the indentation is", "Indent with spaces.");
                    break;
                case '#':
                    var length = text.AsSpan(_at).IndexOfAny(DocumentText.LineBreaks);
                    _at = length < 0 ? text.Length - 1 : _at + length - 1;
                    break;
                case '\r' when _at + 1 < text.Length && text[_at + 1] == '\n':
                    break;
                case '\n':
                    _allowsTab = false;
                    break;
                case '\r' or '\u0085' or '\u2028' or '\u2029':
                    throw Refuse(_at, $"a line ends with the character U+{(int)text[_at]:X4}", "End it with a line feed.");
                default:
                    return;
            }
        }
    }

    private DocumentException Refuse(int at) => at < text.Length
        ? Refuse(at, $"'{VisibleText.Of(char.ToString(text[at]))}' stands where the server's YAML has no place for it", "Write the place as the server does.")
        : Refuse(at, "it ends too early", "Restore the file from a copy.");

    private DocumentException Refuse(int at, string reason, string remedy) => new(1 + text.AsSpan(0, at).Count('\n'), reason, remedy);
}
