namespace PgEdgeUsers.Core.Yaml;

/// <summary>
/// The text has something that <see cref="BlockTokenizer" /> does not read; <see cref="EventTokenizer" /> has to.
/// </summary>
internal sealed class NotBlockStyleException : Exception;
