namespace PgEdgeUsers.Core.Yaml;

/// <summary>The braces or the indented lines of a mapping.</summary>
/// <param name="Span">From the brace or the first key to the end of the brace or the last value.</param>
/// <param name="IsFlow">Whether it has braces.</param>
/// <param name="Column">The column of the keys, from 0; meaningless in flow style.</param>
/// <param name="StartsLine">Whether nothing but whitespace is before it in its line.</param>
/// <param name="Count">How many keys it has.</param>
internal readonly record struct MappingSpans(Span Span, bool IsFlow, int Column, bool StartsLine, int Count);

/// <summary>A key and its value in a mapping.</summary>
/// <param name="Span">From the key, with the <c>?</c> that can be before it, to the end of the value.</param>
/// <param name="Key">The key, with the <c>?</c> that can be before it.</param>
/// <param name="ColonEnd">The position after the colon; 0 where there is none.</param>
/// <param name="Lines">
/// The lines that hold the pair and nothing else; empty in flow style, and where there are none.
/// </param>
/// <param name="CommaBefore">The comma before it in flow style; empty where there is none.</param>
/// <param name="CommaAfter">The comma after it, with one space, in flow style; empty where there is none.</param>
internal readonly record struct PairSpans(
    Span Span, Span Key, int ColonEnd, Span Lines, Span CommaBefore, Span CommaAfter);

/// <summary>A value that is a mapping or nothing.</summary>
/// <param name="Span">The mapping, or the empty or null value.</param>
/// <param name="Mapping">The mapping; null where there is none.</param>
/// <param name="LinesEnd">In block style: the end of the line in which the value ends, with its line break.</param>
internal sealed record NodeSpans(Span Span, MappingSpans? Mapping, int LinesEnd);
