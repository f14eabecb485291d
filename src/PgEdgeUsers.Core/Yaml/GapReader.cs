namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// Reads the text between the parser's events: whitespace, comments and indicators. The parser is laxer than the
/// server's there, for example with tabs, commas and colons, so this text is checked again.
/// </summary>
internal sealed class GapReader(string text)
{
    private int _position = DocumentText.StartOf(text);
    private int _flowDepth;
    private bool _allowsTab;

    /// <summary>The position after the last node or indicator.</summary>
    public int End { get; private set; } = DocumentText.StartOf(text);

    /// <summary>Whether the position is in flow style, where line breaks and indentation do not matter.</summary>
    public bool IsFlow => _flowDepth > 0;

    /// <summary>
    /// In block style, the line break after the last node or indicator. The end of the text counts as one.
    /// </summary>
    public Span LineBreak { get; private set; }

    /// <summary>Whether only whitespace has been consumed on the current line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    /// <summary>Consumes whitespace and comments, then the given span.</summary>
    public void Pass(Span span)
    {
        PassWhitespace();
        if (_position != span.Start)
            throw Refuse();
        PassTo(span.End);
        _allowsTab = span.End > 0 && !DocumentText.LineBreaks.Contains(text[span.End - 1]);
    }

    /// <summary>Consumes an indicator if it comes next.</summary>
    public bool TryPass(char indicator)
    {
        PassWhitespace();
        if (_position == text.Length || text[_position] != indicator)
            return false;
        if (indicator == '?' && _position + 1 < text.Length && !DocumentText.Whitespace.Contains(text[_position + 1]))
            return false;
        PassTo(_position + 1);
        // The server's parser expects a key after these indicators.
        _allowsTab &= indicator is not ('-' or '?');
        return true;
    }

    /// <summary>Consumes an indicator.</summary>
    public void Pass(char indicator)
    {
        if (!TryPass(indicator))
            throw Refuse();
    }

    /// <summary>Consumes an opening brace or bracket.</summary>
    public void Open(int position)
    {
        Pass(new Span(position, position + 1));
        _flowDepth++;
    }

    /// <summary>Consumes a closing brace or bracket.</summary>
    public void Close(int position)
    {
        Pass(new Span(position, position + 1));
        _flowDepth--;
    }

    /// <summary>Consumes whitespace and comments.</summary>
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
