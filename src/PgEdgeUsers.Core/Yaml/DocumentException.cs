namespace PgEdgeUsers.Core.Yaml;

/// <summary>The server would reject the text or read it differently, or the text cannot be edited safely.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="reason">What is wrong, in lower case and without a period, so that it can follow "line 12: ".</param>
/// <param name="remedy">What an administrator can do about it, as a sentence.</param>
internal sealed class DocumentException(int line, string reason, string remedy) : Exception(reason)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>What an administrator can do about it, as a sentence.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Whether repairing the file removes the cause.</summary>
    public bool IsRepairable { get; init; }

    /// <summary>An exception for a position in a text.</summary>
    public static DocumentException At(string text, int position, string reason, string remedy) =>
        new(1 + text.AsSpan(0, Math.Clamp(position, 0, text.Length)).Count('\n'), reason, remedy);
}
