using System.Text.RegularExpressions;

namespace PgEdgeUsers;

/// <summary>
/// Text in a CSV file for a spreadsheet. An apostrophe precedes text that the spreadsheet would take for a formula,
/// because it begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tab or a carriage return (OWASP, CSV Injection). It
/// also precedes such text with apostrophes in front, so that <see cref="Restore"/> returns every text unchanged.
/// </summary>
internal static partial class SpreadsheetCell
{
    /// <summary>Removes the apostrophe.</summary>
    public static string Restore(string cell) => Neutralized().IsMatch(cell) ? cell[1..] : cell;

    [GeneratedRegex(@"\A'+[=+\-@\t\r]")]
    private static partial Regex Neutralized();
}
