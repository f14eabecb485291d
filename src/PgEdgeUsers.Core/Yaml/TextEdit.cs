namespace PgEdgeUsers.Core.Yaml;

/// <summary>A replacement in a text. An empty span inserts; an empty new text deletes.</summary>
/// <param name="Span">The span that is replaced.</param>
/// <param name="NewText">The replacement.</param>
internal readonly record struct TextEdit(Span Span, string NewText)
{
    public static TextEdit Insert(int position, string newText) => new(Span.At(position), newText);

    public static TextEdit Delete(Span span) => new(span, "");

    /// <summary>
    /// Applies all edits in one pass. Edits may be adjacent; insertions at the same position keep their order.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Edits overlap, or one is outside the text. This is a bug in the code that created them.
    /// </exception>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        TextEdit[] ordered = [.. edits.OrderBy(edit => edit.Span.Start).ThenBy(edit => edit.Span.End)];
        var (done, length) = (0, text.Length);
        foreach (var (span, newText) in ordered)
        {
            if (span.Start < done || span.End < span.Start || span.End > text.Length)
            {
                throw new ArgumentException(
                    $"The edit of {span} overlaps another or is outside the text.", nameof(edits));
            }

            done = span.End;
            length += newText.Length - span.Length;
        }

        return string.Create(length, (text, ordered), static (result, source) =>
        {
            var done = 0;
            foreach (var (span, newText) in source.ordered)
            {
                source.text.AsSpan(done, span.Start - done).CopyTo(result);
                result = result[(span.Start - done)..];
                newText.CopyTo(result);
                result = result[newText.Length..];
                done = span.End;
            }

            source.text.AsSpan(done).CopyTo(result);
        });
    }
}
