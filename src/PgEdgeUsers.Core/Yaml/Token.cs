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

    /// <summary>The <c>?</c> before a key.</summary>
    ExplicitKey,

    /// <summary>The <c>:</c> after a key.</summary>
    Colon,

    /// <summary>The <c>,</c> after a pair or an item in flow style.</summary>
    Comma,

    /// <summary>A key or a value; empty where a value is not written.</summary>
    Scalar,

    /// <summary>
    /// The line break, in block style, of a line that has more than whitespace and a comment; empty at the end of the text.
    /// </summary>
    LineEnd,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>
/// A part of a user file's text. In a mapping, each key is a scalar that is not empty, followed by a colon (explicit keys and
/// keys in flow style may lack it) and a value.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it is: a scalar with its quotes or indicators, a block scalar without its last line break.</param>
internal readonly record struct Token(TokenKind Kind, Span Span)
{
    /// <summary>Of the start of a mapping or sequence: whether it is in flow style.</summary>
    public bool IsFlow { get; init; }

    /// <summary>Of the start of a mapping in block style: the column of its keys, from 0.</summary>
    public int Column { get; init; }

    /// <summary>Of a scalar.</summary>
    public ScalarStyle Style { get; init; }

    /// <summary>Of a scalar: what it says, without quotes and escapes.</summary>
    public ReadOnlyMemory<char> Value { get; init; }

    /// <summary>Of a block scalar: the rest of its first line after the indicators, which may have a comment.</summary>
    public Span HeaderRest { get; init; }

    /// <summary>Whether it is a scalar without quotes.</summary>
    public bool IsPlain => Style == ScalarStyle.Plain;
}
