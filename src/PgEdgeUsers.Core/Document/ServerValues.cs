using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Document;

/// <summary>
/// How the server's YAML reader turns scalars into typed fields, observed on the real server. Where it accepts
/// spellings that nobody writes on purpose (octal numbers, commas in times), we refuse: a refusal is safe, another value is not.
/// </summary>
internal static partial class ServerValues
{
    /// <summary>Whether a scalar means "nothing".</summary>
    public static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

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

    /// <summary>
    /// Reads a time as UTC, cut to 100 ns. Quoted text must be full RFC 3339; plain text may be short, as Go's <c>yaml.v3</c> takes it:
    /// a date alone, single digits, or a blank between date and time and then no zone.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<char> value, bool plain, out DateTime utc)
    {
        utc = default;
        var rest = value;
        var least = plain ? 1 : 2;
        var (hour, minute, second, fraction, offset) = (0, 0, 0, 0, 0);
        if (!Digits(ref rest, 4, 4, out var year) || !Skip(ref rest, '-') || !Digits(ref rest, least, 2, out var month)
            || !Skip(ref rest, '-') || !Digits(ref rest, least, 2, out var day))
        {
            return false;
        }

        if (!plain || rest.Length > 0)
        {
            var hasZone = Skip(ref rest, 'T') || (plain && Skip(ref rest, 't'));
            if ((!hasZone && !(plain && Skip(ref rest, ' ')))
                || !Digits(ref rest, least, 2, out hour) || !Skip(ref rest, ':') || !Digits(ref rest, least, 2, out minute)
                || !Skip(ref rest, ':') || !Digits(ref rest, least, 2, out second)
                || (Skip(ref rest, '.') && !Fraction(ref rest, out fraction))
                || (hasZone && !Zone(ref rest, out offset)) || rest.Length > 0)
            {
                return false;
            }
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var ticks = new DateTime(year, month, day, hour, minute, second).Ticks + fraction - (offset * TimeSpan.TicksPerMinute);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Writes a UTC time as the server does: RFC 3339, no trailing zeros in the fraction.</summary>
    public static string WriteTime(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool Skip(ref ReadOnlySpan<char> rest, char expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
            return false;
        rest = rest[1..];
        return true;
    }

    private static bool Digits(ref ReadOnlySpan<char> rest, int least, int most, out int value)
    {
        var count = 0;
        for (value = 0; count < most && count < rest.Length && char.IsAsciiDigit(rest[count]); count++)
            value = (10 * value) + rest[count] - '0';
        rest = rest[count..];
        return count >= least;
    }

    /// <summary>Reads any number of digits as ticks: seven count.</summary>
    private static bool Fraction(ref ReadOnlySpan<char> rest, out int ticks)
    {
        ticks = 0;
        var count = 0;
        for (; count < rest.Length && char.IsAsciiDigit(rest[count]); count++)
            ticks = count < 7 ? (10 * ticks) + rest[count] - '0' : ticks;
        for (var missing = 7 - count; missing > 0; missing--)
            ticks *= 10;
        rest = rest[count..];
        return count > 0;
    }

    private static bool Zone(ref ReadOnlySpan<char> rest, out int minutes)
    {
        minutes = 0;
        if (Skip(ref rest, 'Z'))
            return true;
        var sign = Skip(ref rest, '-') ? -1 : 1;
        if ((sign > 0 && !Skip(ref rest, '+')) || !Digits(ref rest, 2, 2, out var hour) || !Skip(ref rest, ':') || !Digits(ref rest, 2, 2, out var minute))
            return false;
        minutes = sign * ((60 * hour) + minute);
        return hour < 24 && minute < 60;
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Decimal();
}
