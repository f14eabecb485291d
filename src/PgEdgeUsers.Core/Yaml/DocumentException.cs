namespace PgEdgeUsers.Core.Yaml;

/// <summary>The text is not a user file that the server would read as we do. Where, why and what to do.</summary>
internal sealed class DocumentException(int line, string reason, string remedy) : Exception(reason)
{
    /// <summary>The line, counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>What an administrator can do about it, as a sentence.</summary>
    public string Remedy { get; } = remedy;
}
