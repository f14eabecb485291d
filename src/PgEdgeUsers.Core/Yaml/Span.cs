namespace PgEdgeUsers.Core.Yaml;

/// <summary>A part of a text.</summary>
/// <param name="Start">The position of its first character, from 0.</param>
/// <param name="End">The position after its last character.</param>
internal readonly record struct Span(int Start, int End)
{
    public int Length => End - Start;

    public bool IsEmpty => Start == End;

    /// <summary>The empty span at a position.</summary>
    public static Span At(int position) => new(position, position);
}
