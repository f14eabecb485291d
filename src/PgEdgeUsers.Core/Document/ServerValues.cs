using System.Globalization;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Document;

/// <summary>
/// How the server's YAML reader turns scalars into typed fields, observed on the real server. Where it accepts
/// spellings that nobody writes on purpose (octal numbers, commas in times), we refuse: a refusal is safe, another value is not.
/// </summary>
internal static partial class ServerValues
{
    /// <summary>Whether a plain scalar means "nothing".</summary>
    public static bool IsNull(string plain) => plain is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Reads a boolean: true and false only unquoted, the YAML 1.1 words in their usual cases quoted or not.</summary>
    public static bool TryBoolean(string value, bool plain, out bool result)
    {
        result = value is "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" || (plain && value is "true" or "True" or "TRUE");
        return result
            || value is "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF"
            || (plain && value is "false" or "False" or "FALSE");
    }

    /// <summary>Reads a plain decimal number.</summary>
    public static bool TryCount(string value, bool plain, out int result)
    {
        result = 0;
        return plain && Decimal().IsMatch(value)
            && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result);
    }

    /// <summary>Reads a time as UTC, cut to 100 ns. Quoted text must be full RFC 3339; plain text may be short, as Go's <c>yaml.v3</c> takes it.</summary>
    public static bool TryTime(string value, bool plain, out DateTime utc)
    {
        utc = default;
        var match = plain ? PlainTime().Match(value) : Rfc3339().Match(value);
        if (!match.Success)
            return false;
        var hour = Number(match, "h");
        var minute = Number(match, "m");
        var second = Number(match, "s");
        var year = Number(match, "Y");
        var month = Number(match, "M");
        var day = Number(match, "D");
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var fraction = match.Groups["f"].Value;
        var ticks = fraction.Length == 0 ? 0 : int.Parse(fraction.PadRight(7, '0').AsSpan(0, 7), NumberStyles.None, CultureInfo.InvariantCulture);
        var offsetHours = Number(match, "oh");
        var offsetMinutes = Number(match, "om");
        if (offsetHours > 23 || offsetMinutes > 59)
            return false;
        var offset = new TimeSpan(offsetHours, offsetMinutes, 0).Ticks * (match.Groups["sign"].ValueSpan is "-" ? -1 : 1);
        var total = new DateTime(year, month, day, hour, minute, second).Ticks + ticks - offset;
        if (total < DateTime.MinValue.Ticks || total > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(total, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Writes a UTC time as the server does: RFC 3339, no trailing zeros in the fraction.</summary>
    public static string WriteTime(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } g ? int.Parse(g.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(?<Y>[0-9]{4})-(?<M>[0-9]{2})-(?<D>[0-9]{2})T(?<h>[0-9]{2}):(?<m>[0-9]{2}):(?<s>[0-9]{2})(\.(?<f>[0-9]+))?(Z|(?<sign>[-+])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))\z")]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^(?<Y>[0-9]{4})-(?<M>[0-9]{1,2})-(?<D>[0-9]{1,2})([Tt](?<h>[0-9]{1,2}):(?<m>[0-9]{1,2}):(?<s>[0-9]{1,2})(\.(?<f>[0-9]+))?(Z|(?<sign>[-+])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))| (?<h>[0-9]{1,2}):(?<m>[0-9]{1,2}):(?<s>[0-9]{1,2})(\.(?<f>[0-9]+))?)?\z")]
    private static partial Regex PlainTime();
}
