using YamlDotNet.Core;

namespace PgEdgeUsers.Core.Yaml;

internal enum TokenKind : byte
{
    /// <summary>An opening brace; in block style, empty before the first key.</summary>
    MappingStart,

    /// <summary>Empty after the closing brace or, in block style, the last value.</summary>
    MappingEnd,

    /// <summary>An opening bracket; in block style, empty before the first dash.</summary>
    SequenceStart,

    /// <summary>Empty after the closing bracket or, in block style, the last item.</summary>
    SequenceEnd,

    /// <summary>A key, which is a single value, with a preceding <c>?</c>.</summary>
    Key,

    /// <summary>A single value; empty if none is written.</summary>
    Scalar,

    /// <summary>The <c>,</c> after a pair or an item in flow style.</summary>
    Comma,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>
/// A token of a text. Between the start and the end of a mapping, keys and values alternate, separated by commas in
/// flow style. A value is a scalar, or a mapping or sequence from its start to its end.
/// </summary>
/// <param name="Kind">The kind of token.</param>
/// <param name="Span">
/// The span: a scalar includes its quotes or indicators, a block scalar excludes its last line break.
/// </param>
internal readonly record struct Token(TokenKind Kind, Span Span)
{
    /// <summary>For the start of a mapping or sequence: whether it is in flow style.</summary>
    public bool IsFlow { get; init; }

    /// <summary>For the start of a mapping in block style: the column of its keys, from 0.</summary>
    public int Column { get; init; }

    /// <summary>
    /// For a key or the start of a mapping or sequence: whether only whitespace precedes it on its line.
    /// </summary>
    public bool StartsLine { get; init; }

    /// <summary>For a key: the position after its colon; 0 if it has none.</summary>
    public int ColonEnd { get; init; }

    /// <summary>
    /// For a scalar or the end of a mapping or sequence in flow style: the line break, if its line ends after it.
    /// </summary>
    /// <remarks>The end of the text counts as a line break. If there is none, the span is empty at 0.</remarks>
    public Span LineBreak { get; init; }

    /// <summary>For a key or scalar: its style.</summary>
    public ScalarStyle Style { get; init; }

    /// <summary>
    /// For a block scalar: the rest of its first line after the indicators, which may contain a comment.
    /// </summary>
    public Span HeaderRest { get; init; }

    /// <summary>For a key or scalar: its decoded value, if that differs from the written text without quotes.</summary>
    public string? Decoded { get; init; }

    /// <summary>Whether it is an unquoted key or scalar.</summary>
    public bool IsPlain => Kind is TokenKind.Key or TokenKind.Scalar && Style == ScalarStyle.Plain;

    /// <summary>The decoded value of a key or scalar.</summary>
    /// <param name="text">The text that it is part of.</param>
    public ReadOnlySpan<char> ValueIn(string text) => Decoded is not null ? Decoded
        : Style == ScalarStyle.Plain ? text.AsSpan(Span.Start, Span.Length)
        : text.AsSpan(Span.Start + 1, Span.Length - 2);

    /// <summary>Whether it is a key or scalar that means null.</summary>
    /// <param name="text">The text that it is part of.</param>
    public bool IsNullIn(string text) => IsPlain && YamlScalar.IsNull(ValueIn(text));
}
