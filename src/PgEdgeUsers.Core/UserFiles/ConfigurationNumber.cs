using System.Globalization;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Reads unquoted numbers as the server's YAML reader does.</summary>
internal static partial class ConfigurationNumber
{
    /// <summary>Reads a whole number: decimal, hexadecimal, octal or binary. A fraction is truncated.</summary>
    public static bool TryWhole(string plain, out long number)
    {
        var text = plain.Replace("_", "", StringComparison.Ordinal);
        var isNegative = text.StartsWith('-');
        if (TryDigits(isNegative || text.StartsWith('+') ? text.AsSpan(1) : text, out number))
        {
            number = isNegative ? -number : number;
            return true;
        }

        if (!TryFraction(plain, out var fraction) || fraction is not (> long.MinValue and < long.MaxValue))
            return false;
        number = (long)fraction;
        return true;
    }

    /// <summary>Reads a number that may have a fraction or an exponent.</summary>
    public static bool TryFraction(string plain, out double number)
    {
        var text = plain.Replace("_", "", StringComparison.Ordinal);
        if (Fraction().IsMatch(text))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        number = double.PositiveInfinity;
        return InfinityOrNaN().IsMatch(plain);
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out long number)
    {
        var (radix, prefix) = text switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        number = 0;
        foreach (var c in text[prefix..])
        {
            if (!int.TryParse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit))
                return false;
            if (digit >= radix || number > (long.MaxValue - digit) / radix)
                return false;
            number = (number * radix) + digit;
        }

        return text.Length > prefix;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex InfinityOrNaN();
}
