using System.Text;

namespace PgEdgeUsers.Core.Document;

/// <summary>Replacements of pieces of a text, collected in any order and made in one pass; all else stays as it is.</summary>
internal sealed class TextSplices
{
    private readonly List<(Span Span, string Text)> _splices = [];

    public void Replace(Span span, string text) => _splices.Add((span, text));

    public void Insert(int at, string text) => Replace(new Span(at, at), text);

    public void Delete(int start, int end) => Replace(new Span(start, end), "");

    public string ApplyTo(string original)
    {
        var result = new StringBuilder(original.Length + 256);
        var done = 0;
        // A stable sort: what was inserted first at a place stands first, and an insertion at the end of a deletion stands behind it.
        foreach (var (span, text) in _splices.OrderBy(s => s.Span.Start).ThenBy(s => s.Span.End))
        {
            // Two deletions may overlap (a comma that both neighbours gave up); text before what is done is gone already.
            if (span.Start > done)
                result.Append(original, done, span.Start - done);
            result.Append(text);
            done = Math.Max(done, span.End);
        }

        return result.Append(original, done, original.Length - done).ToString();
    }
}
