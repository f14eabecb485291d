using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Yaml;

/// <summary>A piece of the text: from the character at <paramref name="Start"/> up to, not including, the one at <paramref name="End"/>.</summary>
internal readonly record struct Span(int Start, int End)
{
    public bool IsEmpty => Start == End;

    public Span Moved(int by) => new(Start + by, End + by);
}

/// <summary>Where a field's key ends and where its value stands.</summary>
/// <param name="KeyEnd">Behind the key's last character.</param>
/// <param name="Value">The value with its quotes or indicators.</param>
/// <param name="IsBlock">Whether the value is a block scalar, on lines of its own.</param>
internal readonly record struct FieldPlace(int KeyEnd, Span Value, bool IsBlock)
{
    /// <summary>A place that no field of the text has: the field is missing.</summary>
    public bool IsMissing => KeyEnd == 0;

    public FieldPlace Moved(int by) => IsMissing ? this : new(KeyEnd + by, Value.Moved(by), IsBlock);
}

/// <summary>The braces or the indented lines of a mapping.</summary>
/// <param name="Span">From the brace or the first key to behind the brace or the last value.</param>
/// <param name="IsFlow">Written with braces.</param>
/// <param name="Column">The column of the first key, from 0; meaningless in braces.</param>
/// <param name="Count">How many keys it has.</param>
internal readonly record struct MappingPlace(Span Span, bool IsFlow, int Column, int Count);

/// <summary>A user of the text: what it says and where it stands, its key with the <c>?</c> that can be before it.</summary>
internal sealed record UserEntry(UserAccount Account, int Line, Span Key, MappingPlace Body, FieldPlace[] Fields)
{
    public FieldPlace this[Field field] => Fields[(int)field];

    /// <summary>The same user in a text that has more before it.</summary>
    public UserEntry Moved(int by, int lines) => this with
    {
        Line = Line + lines,
        Key = Key.Moved(by),
        Body = Body with { Span = Body.Span.Moved(by) },
        Fields = [.. Fields.Select(field => field.Moved(by))],
    };
}

/// <summary>A user of the text with nothing in it.</summary>
internal sealed record NullEntry(string Name, int Line, Span Span);

/// <summary>What stands at a place where a mapping can be.</summary>
/// <param name="KeyEnd">Where the key ends that the node belongs to; 0 where there is no such key.</param>
/// <param name="Null">Where an empty or null value stands, when there is no mapping.</param>
/// <param name="Mapping">The mapping, when there is one.</param>
internal sealed record NodePlace(int KeyEnd, Span? Null, MappingPlace? Mapping);
