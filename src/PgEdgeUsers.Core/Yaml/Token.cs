using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

internal enum TokenKind : byte
{
    /// <summary>The mark <c>---</c>.</summary>
    DocumentStart,

    /// <summary>The mark <c>...</c>.</summary>
    DocumentEnd,

    /// <summary>An opening brace; in block style, empty before the first key.</summary>
    MappingStart,

    /// <summary>A closing brace; in block style, empty after the last value.</summary>
    MappingEnd,

    /// <summary>An opening bracket; in block style, empty before the first dash.</summary>
    SequenceStart,

    /// <summary>A closing bracket; in block style, empty after the last item.</summary>
    SequenceEnd,

    /// <summary>A key, which is a single value, with the <c>?</c> that can be before it.</summary>
    Key,

    /// <summary>A single value; empty where none is written.</summary>
    Scalar,

    /// <summary>The <c>,</c> after a pair or an item in flow style.</summary>
    Comma,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>
/// A part of a text. Between the start and the end of a mapping, keys and values take turns, in flow style with commas
/// between them; a value is a scalar, or a mapping or sequence from its start to its end.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">
/// Where it is: a scalar with its quotes or indicators, a block scalar without its last line break.
/// </param>
internal readonly record struct Token(TokenKind Kind, Span Span)
{
    /// <summary>Of the start of a mapping or sequence: whether it is in flow style.</summary>
    public bool IsFlow { get; init; }

    /// <summary>Of the start of a mapping in block style: the column of its keys, from 0.</summary>
    public int Column { get; init; }

    /// <summary>Of a key or the start of a mapping: whether nothing but whitespace is before it in its line.</summary>
    public bool StartsLine { get; init; }

    /// <summary>Of a key: the position after its colon; 0 where it has none.</summary>
    public int ColonEnd { get; init; }

    /// <summary>
    /// Of a scalar or the end of a mapping or sequence in braces: the line break, if its line ends after it.
    /// </summary>
    /// <remarks>The end of the text counts as one; without any it is empty at 0.</remarks>
    public Span LineBreak { get; init; }

    /// <summary>Of a key or scalar.</summary>
    public ScalarStyle Style { get; init; }

    /// <summary>Of a block scalar: the rest of its first line after the indicators, which may have a comment.</summary>
    public Span HeaderRest { get; init; }

    /// <summary>
    /// Of a key or scalar: what it says, where that is not what is written, or written between quotes.
    /// </summary>
    public string? Decoded { get; init; }

    /// <summary>Whether it is a key or scalar without quotes.</summary>
    public bool IsPlain => Kind is TokenKind.Key or TokenKind.Scalar && Style == ScalarStyle.Plain;

    /// <summary>What a key or scalar says.</summary>
    /// <param name="text">The text of which it is a part.</param>
    public ReadOnlySpan<char> ValueIn(string text) => Decoded is not null ? Decoded
        : Style == ScalarStyle.Plain ? text.AsSpan(Span.Start, Span.Length)
        : text.AsSpan(Span.Start + 1, Span.Length - 2);

    /// <summary>Whether it is a key or scalar that means "nothing".</summary>
    /// <param name="text">The text of which it is a part.</param>
    public bool IsNullIn(string text) => IsPlain && YamlScalar.IsNull(ValueIn(text));
}
