using System.Globalization;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Accounts;

/// <summary>A kind of field values, with functions to read and write them.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="TryRead">Reads a scalar that is not null by the server's rules.</param>
/// <param name="Write">Writes a value as the server does.</param>
/// <param name="Requirement">The requirement that an invalid scalar violates: "must be …".</param>
/// <param name="Remedy">How to correct it, as a complete sentence.</param>
internal sealed record ValueKind<T>(TryReadScalar<T> TryRead, Func<T, string> Write, string Requirement, string Remedy);

/// <summary>Reads the text of a scalar, and returns whether it is valid.</summary>
/// <param name="text">The text of the scalar.</param>
/// <param name="isPlain">Whether it is unquoted.</param>
/// <param name="value">The value.</param>
internal delegate bool TryReadScalar<T>(ReadOnlySpan<char> text, bool isPlain, out T value);

/// <summary>The kinds of field values.</summary>
internal static class ValueKind
{
    public static ValueKind<string> Text { get; } = new(
        TryText, YamlScalar.Write, "must be text", "Write it in double quotes.");

    public static ValueKind<bool> Boolean { get; } = new(
        ServerValues.TryBoolean,
        value => value ? "true" : "false",
        "must be true or false",
        "Write true or false, without quotes.");

    public static ValueKind<int> Count { get; } = new(
        ServerValues.TryCount,
        value => value.ToString(CultureInfo.InvariantCulture),
        "must be a decimal number",
        "Write a number such as 0, without quotes.");

    /// <summary>A time in UTC, or none.</summary>
    public static ValueKind<DateTime?> Time { get; } = new(
        TryTime,
        value => value is { } time ? ServerValues.WriteTime(time) : "null",
        "must be a time that the server can read",
        "Write it as 2025-12-23T15:26:41Z, or null.");

    /// <summary>A time in UTC, or none, which the server writes as year 1.</summary>
    public static ValueKind<DateTime?> TimeOrZero { get; } = Time with { TryRead = TryTimeOrZero };

    private static bool TryText(ReadOnlySpan<char> text, bool isPlain, out string value)
    {
        value = text.ToString();
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, bool isPlain, out DateTime? value)
    {
        var isTime = ServerValues.TryTime(text, isPlain, out var time);
        value = time;
        return isTime;
    }

    private static bool TryTimeOrZero(ReadOnlySpan<char> text, bool isPlain, out DateTime? value)
    {
        var isTime = ServerValues.TryTime(text, isPlain, out var time);
        value = time.Ticks > 0 ? time : null;
        return isTime;
    }
}
