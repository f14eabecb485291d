namespace PgEdgeUsers.Core.Yaml;

/// <summary>A text that the server would refuse or read differently, or that cannot be edited safely.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="reason">What is wrong, without a capital and a period, so that it can follow "line 12: ".</param>
/// <param name="remedy">What an administrator can do about it, as a sentence.</param>
internal sealed class DocumentException(int line, string reason, string remedy) : Exception(reason)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>What an administrator can do about it, as a sentence.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>Whether a repair of the file removes the cause.</summary>
    public bool IsRepairable { get; init; }

    /// <summary>A refusal at a position of a text.</summary>
    public static DocumentException At(string text, int position, string reason, string remedy) =>
        new(1 + text.AsSpan(0, Math.Clamp(position, 0, text.Length)).Count('\n'), reason, remedy);
}
