using System.Globalization;

namespace PgEdgeUsers.Core.Accounts;

/// <summary>
/// Converts scalars to typed fields like the server's YAML reader, as observed on the real server. Spellings that the
/// server accepts but nobody writes on purpose (octal numbers, commas in times) are rejected here, because an error is
/// safer than a different value.
/// </summary>
internal static class ServerValues
{
    /// <summary>
    /// Reads a boolean: true and false only unquoted, the YAML 1.1 words in their usual cases quoted or not.
    /// </summary>
    public static bool TryBoolean(ReadOnlySpan<char> value, bool plain, out bool result)
    {
        result = value is "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON"
            || (plain && value is "true" or "True" or "TRUE");
        return result
            || value is "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF"
            || (plain && value is "false" or "False" or "FALSE");
    }

    /// <summary>Reads a plain decimal number without leading zeros.</summary>
    public static bool TryCount(ReadOnlySpan<char> value, bool plain, out int result)
    {
        result = 0;
        var digits = value is ['-' or '+', ..] ? value[1..] : value;
        return plain
            && digits is ['0'] or [>= '1' and <= '9', ..]
            && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result);
    }

    /// <summary>
    /// Reads a time as UTC, truncated to 100 ns. Quoted text must be full RFC 3339; plain text may use the shorter
    /// forms that Go's <c>yaml.v3</c> accepts.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<char> value, bool plain, out DateTime utc)
    {
        utc = default;
        var least = plain ? 1 : 2;
        if (!TakeNumber(ref value, 4, 4, out var year) || !Take(ref value, '-')
            || !TakeNumber(ref value, least, 2, out var month) || !Take(ref value, '-')
            || !TakeNumber(ref value, least, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day).Ticks;
        if (!(plain && value.IsEmpty))
        {
            var hasZone = Take(ref value, 'T') || (plain && Take(ref value, 't'));
            if (!(hasZone || (plain && Take(ref value, ' '))) || !TakeClock(ref value, least, out var clock))
                return false;
            ticks += clock;
            var offset = 0L;
            if (hasZone && !TakeZone(ref value, out offset))
                return false;
            ticks -= offset;
        }

        if (!value.IsEmpty || ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Writes a UTC time like the server: RFC 3339, without trailing zeros in the fraction.</summary>
    public static string WriteTime(DateTime utc) =>
        utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool TakeClock(ref ReadOnlySpan<char> value, int least, out long ticks)
    {
        ticks = 0;
        if (!TakeNumber(ref value, least, 2, out var hour) || !Take(ref value, ':')
            || !TakeNumber(ref value, least, 2, out var minute) || !Take(ref value, ':')
            || !TakeNumber(ref value, least, 2, out var second) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ticks = new TimeSpan(hour, minute, second).Ticks;
        if (!Take(ref value, '.'))
            return true;
        var digits = value.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : value.Length;
        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in value[..Math.Min(digits, 7)])
            ticks += (digit - '0') * (unit /= 10);
        value = value[digits..];
        return digits > 0;
    }

    private static bool TakeZone(ref ReadOnlySpan<char> value, out long ticks)
    {
        ticks = 0;
        if (Take(ref value, 'Z'))
            return true;
        var isNegative = Take(ref value, '-');
        if (!(isNegative || Take(ref value, '+'))
            || !TakeNumber(ref value, 2, 2, out var hours) || !Take(ref value, ':')
            || !TakeNumber(ref value, 2, 2, out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        ticks = new TimeSpan(hours, minutes, 0).Ticks * (isNegative ? -1 : 1);
        return true;
    }

    private static bool Take(ref ReadOnlySpan<char> value, char expected)
    {
        if (value.IsEmpty || value[0] != expected)
            return false;
        value = value[1..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> value, int least, int most, out int number)
    {
        number = 0;
        var digits = 0;
        for (; digits < most && digits < value.Length && char.IsAsciiDigit(value[digits]); digits++)
            number = (number * 10) + value[digits] - '0';
        value = value[digits..];
        return digits >= least;
    }
}
