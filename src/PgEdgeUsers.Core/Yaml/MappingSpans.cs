namespace PgEdgeUsers.Core.Yaml;

/// <summary>A mapping in flow or block style.</summary>
/// <param name="Span">
/// In flow style, from brace to brace; in block style, from the first key to the end of the last value.
/// </param>
/// <param name="IsFlow">Whether it is in flow style.</param>
/// <param name="Column">The column of the keys, from 0; meaningless in flow style.</param>
/// <param name="StartsLine">Whether only whitespace precedes it on its line.</param>
/// <param name="Count">The number of keys.</param>
internal readonly record struct MappingSpans(Span Span, bool IsFlow, int Column, bool StartsLine, int Count);

/// <summary>A key and its value in a mapping.</summary>
/// <param name="Span">From the key, with a preceding <c>?</c>, to the end of the value.</param>
/// <param name="Key">The key, with a preceding <c>?</c>.</param>
/// <param name="ColonEnd">The position after the colon; 0 if there is none.</param>
/// <param name="Lines">The lines that contain only the pair; empty in flow style or if the pair shares a line.</param>
/// <param name="CommaBefore">In flow style, the comma before it; empty if there is none.</param>
/// <param name="CommaAfter">In flow style, the comma after it with one space; empty if there is none.</param>
internal readonly record struct PairSpans(
    Span Span, Span Key, int ColonEnd, Span Lines, Span CommaBefore, Span CommaAfter);

/// <summary>A value that is a mapping, empty or null.</summary>
/// <param name="Span">The mapping, or the empty or null value.</param>
/// <param name="Mapping">The mapping; null if the value is empty or null.</param>
/// <param name="LinesEnd">
/// In block style, the end of the line on which the value ends, including the line break.
/// </param>
internal sealed record NodeSpans(Span Span, MappingSpans? Mapping, int LinesEnd);
