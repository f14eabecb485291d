using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The spans of a user's field in a text.</summary>
/// <param name="ColonEnd">The position after the colon of the key; 0 if there is none.</param>
/// <param name="Value">The value with its quotes or indicators; empty if none is written.</param>
/// <param name="HeaderRest">For a block scalar: the rest of its first line after the indicators.</param>
internal readonly record struct FieldSpans(int ColonEnd, Span Value, Span HeaderRest)
{
    /// <summary>Whether the user does not have the field.</summary>
    public bool IsMissing => Value.End == 0;

    /// <summary>Whether the value is a block scalar.</summary>
    public bool IsBlockScalar => HeaderRest.End > 0;
}
