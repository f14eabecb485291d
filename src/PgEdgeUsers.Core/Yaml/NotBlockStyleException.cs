namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// The text contains something that <see cref="BlockTokenizer" /> does not support; <see cref="EventTokenizer" /> is
/// used instead.
/// </summary>
internal sealed class NotBlockStyleException : Exception;
