using System.Text;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>A text and the replacements that are to be made in it, collected in any order and made in one pass; all else stays as it is.</summary>
/// <param name="text">The text as it is. All places are places in it.</param>
/// <param name="lineBreak">What ends a new line.</param>
internal sealed class SplicedText(string text, string lineBreak)
{
    private readonly List<(Span Span, string Text)> _splices = [];

    /// <summary>The text with all replacements made.</summary>
    public string Result
    {
        get
        {
            var result = new StringBuilder(text.Length + 256);
            var done = 0;
            // A stable sort: what was inserted first at a place stands first, and an insertion at the end of a deletion stands behind it.
            foreach (var (span, replacement) in _splices.OrderBy(s => s.Span.Start).ThenBy(s => s.Span.End))
            {
                // Two deletions may overlap (a comma that both neighbours gave up); text before what is done is gone already.
                if (span.Start > done)
                    result.Append(text, done, span.Start - done);
                result.Append(replacement);
                done = Math.Max(done, span.End);
            }

            return result.Append(text, done, text.Length - done).ToString();
        }
    }

    public void Replace(Span span, string replacement) => _splices.Add((span, replacement));

    public void Insert(int at, string inserted) => Replace(new Span(at, at), inserted);

    public void Delete(int start, int end) => Replace(new Span(start, end), "");

    /// <summary>Inserts behind the colon of the key that ends at <paramref name="keyEnd"/>.</summary>
    /// <exception cref="DocumentException">There is no colon behind the key.</exception>
    public void InsertBehindColon(int keyEnd, string inserted)
    {
        var at = keyEnd;
        while (at < text.Length && DocumentText.Blanks.Contains(text[at]))
            at++;
        if (at == text.Length || text[at] != ':')
            throw Unusual(keyEnd);
        Insert(at + 1, inserted);
    }

    /// <summary>Inserts lines behind the line in which <paramref name="behind"/> is.</summary>
    /// <param name="behind">A place in that line, or the beginning of the next.</param>
    /// <param name="lines">The lines, each with its break.</param>
    public void InsertLines(int behind, string lines)
    {
        var at = NextLine(behind);
        var startsLine = at == DocumentText.StartOf(text) || text[at - 1] == '\n';
        Insert(at, startsLine ? lines : lineBreak + lines);
    }

    /// <summary>Deletes the lines from that of <paramref name="start"/>, before which nothing stands in its line, to that of <paramref name="end"/>.</summary>
    /// <exception cref="DocumentException">Something stands before it.</exception>
    public void DeleteLines(int start, int end)
    {
        RequireOwnLine(start);
        Delete(LineStart(start), NextLine(end));
    }

    /// <summary>Makes sure that nothing stands before <paramref name="at"/> in its line.</summary>
    /// <exception cref="DocumentException">Something does.</exception>
    public void RequireOwnLine(int at)
    {
        if (!IsBlank(LineStart(at), at))
            throw Unusual(at);
    }

    public bool IsBlank(int start, int end) => text.AsSpan(start, end - start).Trim('\uFEFF').IsWhiteSpace();

    /// <summary>Where the line break before <paramref name="at"/> begins; <paramref name="at"/> itself when there is none.</summary>
    public int BeforeLineBreak(int at)
    {
        if (at > 0 && text[at - 1] == '\n')
            at--;
        return at > 0 && text[at - 1] == '\r' ? at - 1 : at;
    }

    /// <summary>As many blanks as a line is indented by.</summary>
    public static string Indent(int columns) => new(' ', columns);

    private int LineStart(int at) => at == 0 ? DocumentText.StartOf(text) : Math.Max(DocumentText.StartOf(text), text.LastIndexOf('\n', at - 1) + 1);

    /// <summary>Where the line behind <paramref name="at"/> begins; <paramref name="at"/> itself when a line begins there.</summary>
    private int NextLine(int at)
    {
        if (at == DocumentText.StartOf(text) || text[at - 1] == '\n')
            return at;
        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end + 1;
    }

    private DocumentException Unusual(int at) => new(
        1 + text.AsSpan(0, at).Count('\n'),
        "the line is written in a form that cannot be edited in place",
        "Write it as the server does: one 'key: value' a line.");
}
