namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Reads what is between the parser's events: whitespace, comments and indicators. The parser is laxer there than the
/// server's, for instance with tabs, commas and colons, so all of it is read once more.
/// </summary>
internal sealed class GapReader(string text)
{
    private int _position = DocumentText.StartOf(text);
    private int _flowDepth;
    private bool _allowsTab;

    /// <summary>Where the last node or indicator ends.</summary>
    public int End { get; private set; } = DocumentText.StartOf(text);

    /// <summary>Whether the position is in flow style, where lines and indentation do not matter.</summary>
    public bool IsFlow => _flowDepth > 0;

    /// <summary>The line break in block style after what was passed last; the end of the text counts as one.</summary>
    public Span LineBreak { get; private set; }

    /// <summary>Whether nothing but whitespace was passed in the line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    /// <summary>Passes whitespace and comments and then a part of the text that is known.</summary>
    public void Pass(Span span)
    {
        PassWhitespace();
        if (_position != span.Start)
            throw Refuse();
        PassTo(span.End);
        _allowsTab = span.End > 0 && !DocumentText.LineBreaks.Contains(text[span.End - 1]);
    }

    /// <summary>Passes an indicator, when it is the next thing, and says whether it is.</summary>
    public bool TryPass(char indicator)
    {
        PassWhitespace();
        if (_position == text.Length || text[_position] != indicator)
            return false;
        if (indicator == '?' && _position + 1 < text.Length && !DocumentText.Whitespace.Contains(text[_position + 1]))
            return false;
        PassTo(_position + 1);
        // After these the server's parser expects a key.
        _allowsTab &= indicator is not ('-' or '?');
        return true;
    }

    /// <summary>Passes an indicator.</summary>
    public void Pass(char indicator)
    {
        if (!TryPass(indicator))
            throw Refuse();
    }

    /// <summary>Passes an opening brace or bracket.</summary>
    public void Open(int position)
    {
        Pass(new Span(position, position + 1));
        _flowDepth++;
    }

    /// <summary>Passes a closing brace or bracket.</summary>
    public void Close(int position)
    {
        Pass(new Span(position, position + 1));
        _flowDepth--;
    }

    /// <summary>Passes whitespace and comments.</summary>
    public void PassWhitespace()
    {
        for (; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case ' ':
                    break;
                case '\t':
                    if (!_allowsTab && !IsFlow)
                        throw Refuse("there is a tab in the indentation", "Indent with spaces.");
                    break;
                case '#':
                    var length = text.AsSpan(_position).IndexOfAny(DocumentText.LineBreaks);
                    _position = length < 0 ? text.Length - 1 : _position + length - 1;
                    break;
                case '\r' when _position + 1 < text.Length && text[_position + 1] == '\n':
                    EndLine(2);
                    break;
                case '\n':
                    EndLine(1);
                    _allowsTab = false;
                    break;
                case '\r' or '\u0085' or '\u2028' or '\u2029':
                    throw Refuse(
                        $"a line ends with the character U+{(int)text[_position]:X4}", "End it with a line feed.");
                default:
                    return;
            }
        }

        EndLine(0);
    }

    private void PassTo(int end)
    {
        if (end > _position)
            (IsAtLineStart, LineBreak) = (false, default);
        End = _position = end;
    }

    private void EndLine(int length)
    {
        if (!IsAtLineStart && !IsFlow)
            (IsAtLineStart, LineBreak) = (true, new Span(_position, _position + length));
    }

    private DocumentException Refuse() => _position < text.Length
        ? Refuse(
            $"'{VisibleText.Of(char.ToString(text[_position]))}' is not allowed here",
            "Write the line as the server does.")
        : Refuse("the text ends too early", "Restore the file from a copy.");

    private DocumentException Refuse(string reason, string remedy) =>
        DocumentException.At(text, _position, reason, remedy);
}
