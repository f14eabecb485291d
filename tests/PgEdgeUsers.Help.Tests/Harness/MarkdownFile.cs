using System.Text.RegularExpressions;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>A document, and the parts of it that can be checked.</summary>
internal sealed partial class MarkdownFile(string path)
{
    private readonly string _text = File.ReadAllText(path).ReplaceLineEndings("\n");

    public string Text => _text;

    /// <summary>The blocks of PowerShell, also those that are marked as not run.</summary>
    public IEnumerable<string> PowerShell => PowerShellBlocks().Matches(_text).Select(match => match.Groups[1].Value);

    /// <summary>The last cells of the rows of all tables whose last column is headed so, without the marks of code.</summary>
    public IEnumerable<string> LastCells(string header)
    {
        var isWanted = false;
        foreach (var line in _text.Split('\n'))
        {
            if (!line.StartsWith('|'))
                isWanted = false;
            else if (Cells(line) is [.., var last] && last == header)
                isWanted = true;
            else if (isWanted && Cells(line) is [.., var code] && code.StartsWith('`'))
                yield return code.Trim('`');
        }
    }

    /// <summary>Where the links lead that do not lead out of the project.</summary>
    public IEnumerable<string> Links =>
        InlineLinks().Matches(PowerShellBlocks().Replace(_text, "")).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Headings().Matches(_text).Select(match =>
        NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static string[] Cells(string row) =>
        [.. CellBorders().Split(row.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    [GeneratedRegex(@"^```powershell[^\n]*\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PowerShellBlocks();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorders();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex InlineLinks();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
