using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>A user in a text, with its spans.</summary>
/// <param name="Account">The account as the server reads it.</param>
/// <param name="Line">The line of the key, from 1.</param>
/// <param name="Pair">The key and its value.</param>
/// <param name="Body">The value.</param>
/// <param name="Fields">The fields, by <see cref="AccountField.Index"/>.</param>
internal sealed record UserEntry(
    UserAccount Account, int Line, PairSpans Pair, MappingSpans Body, ReadOnlyMemory<FieldSpans> Fields)
{
    public FieldSpans this[AccountField field] => Fields.Span[field.Index];
}

/// <summary>A user in a text without fields.</summary>
/// <param name="Name">The key.</param>
/// <param name="Line">The line of the key, from 1.</param>
/// <param name="Pair">The key and its empty or null value.</param>
internal sealed record NullEntry(string Name, int Line, PairSpans Pair);
