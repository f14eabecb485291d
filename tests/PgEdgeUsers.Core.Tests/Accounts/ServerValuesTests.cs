using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Tests.Accounts;

public sealed class ServerValuesTests
{
    [Theory]
    [InlineData("2025-12-23T15:26:41.123456789Z", "2025-12-23T15:26:41.1234567")]
    [InlineData("2025-12-23T15:26:41.9999999999Z", "2025-12-23T15:26:41.9999999")]
    [InlineData("2025-12-23T15:26:41.5Z", "2025-12-23T15:26:41.5000000")]
    [InlineData("2025-12-23T15:26:41.000000001Z", "2025-12-23T15:26:41.0000000")]
    [InlineData("2025-12-23T15:26:41+02:00", "2025-12-23T13:26:41.0000000")]
    [InlineData("2025-12-31T23:59:59.999-23:59", "2026-01-01T23:58:59.9990000")]
    [InlineData("2025-01-01T00:00:00-00:00", "2025-01-01T00:00:00.0000000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void A_full_time_is_read_in_quotes_and_without(string text, string utc)
    {
        Assert.Equal(utc, Time(text, plain: true));
        Assert.Equal(utc, Time(text, plain: false));
    }

    [Theory]
    [InlineData("2025-01-02", "2025-01-02T00:00:00.0000000")]
    [InlineData("2025-1-2", "2025-01-02T00:00:00.0000000")]
    [InlineData("2025-01-02 03:04:05", "2025-01-02T03:04:05.0000000")]
    [InlineData("2025-1-2 3:4:5.25", "2025-01-02T03:04:05.2500000")]
    [InlineData("2025-1-2T3:4:5Z", "2025-01-02T03:04:05.0000000")]
    [InlineData("2025-01-02t03:04:05Z", "2025-01-02T03:04:05.0000000")]
    [InlineData("2025-01-02T3:04:05+01:00", "2025-01-02T02:04:05.0000000")]
    public void A_short_time_is_read_without_quotes_only(string text, string utc)
    {
        Assert.Equal(utc, Time(text, plain: true));
        Assert.Null(Time(text, plain: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("now")]
    [InlineData("2025")]
    [InlineData("2025-01")]
    [InlineData("20250102")]
    [InlineData("25-01-02")]
    [InlineData("02025-01-02")]
    [InlineData("2025-001-02")]
    [InlineData("2025-01-02 ")]
    [InlineData(" 2025-01-02")]
    [InlineData("2025-01-02T")]
    [InlineData("2025-01-02T03:04")]
    [InlineData("2025-01-02T03:04Z")]
    [InlineData("2025-01-02T03:04:05")]
    [InlineData("2025-01-02T03:04:05z")]
    [InlineData("2025-01-02T03:04:05.Z")]
    [InlineData("2025-01-02T03:04:05,5Z")]
    [InlineData("2025-01-02T03:04:05+0200")]
    [InlineData("2025-01-02T03:04:05+02")]
    [InlineData("2025-01-02T03:04:05+2:00")]
    [InlineData("2025-01-02T03:04:05+24:00")]
    [InlineData("2025-01-02T03:04:05+02:60")]
    [InlineData("2025-01-02T03:04:05Z+02:00")]
    [InlineData("2025-01-02T03:04:05 Z")]
    [InlineData("2025-01-02 03:04:05Z")]
    [InlineData("2025-01-02 03:04:05 +02:00")]
    [InlineData("2025-01-02  03:04:05")]
    [InlineData("2025-01-02T24:00:00Z")]
    [InlineData("2025-01-02T03:60:00Z")]
    [InlineData("2025-01-02T03:04:60Z")]
    [InlineData("2025-00-02")]
    [InlineData("2025-13-02")]
    [InlineData("2025-01-00")]
    [InlineData("2025-01-32")]
    [InlineData("2025-02-29")]
    [InlineData("2025-02-30T00:00:00Z")]
    [InlineData("0000-01-01")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("-2025-01-02")]
    [InlineData("2025/01/02")]
    [InlineData("٢٠٢٥-٠١-٠٢")]
    [InlineData("2025-01-02T03:04:05Z\n")]
    [InlineData("2025-01-02T03:04:05\u212A")]
    public void A_time_that_the_server_or_the_calendar_does_not_know_is_refused(string text)
    {
        Assert.Null(Time(text, plain: true));
        Assert.Null(Time(text, plain: false));
    }

    [Theory]
    [InlineData(0, "2025-01-02T03:04:05Z")]
    [InlineData(5_000_000, "2025-01-02T03:04:05.5Z")]
    [InlineData(1_234_567, "2025-01-02T03:04:05.1234567Z")]
    [InlineData(1, "2025-01-02T03:04:05.0000001Z")]
    [InlineData(10, "2025-01-02T03:04:05.000001Z")]
    public void A_time_is_written_without_trailing_zeros(int ticks, string text)
    {
        var time = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(ticks);

        Assert.Equal(text, ServerValues.WriteTime(time));
        Assert.True(ServerValues.TryTime(text, plain: true, out var read));
        Assert.Equal(time, read);
        Assert.Equal(DateTimeKind.Utc, read.Kind);
    }

    [Theory]
    [InlineData("true", true, true)]
    [InlineData("True", true, true)]
    [InlineData("TRUE", true, true)]
    [InlineData("false", true, false)]
    [InlineData("FALSE", true, false)]
    [InlineData("yes", true, true)]
    [InlineData("yes", false, true)]
    [InlineData("Off", true, false)]
    [InlineData("Off", false, false)]
    [InlineData("y", true, true)]
    [InlineData("N", false, false)]
    [InlineData("true", false, null)]
    [InlineData("false", false, null)]
    [InlineData("tRuE", true, null)]
    [InlineData("yEs", true, null)]
    [InlineData("1", true, null)]
    [InlineData("0", true, null)]
    [InlineData("t", true, null)]
    [InlineData("", true, null)]
    [InlineData("enabled", true, null)]
    public void Words_for_true_and_false_are_those_of_the_server(string word, bool plain, bool? value)
    {
        Assert.Equal(value, ServerValues.TryBoolean(word, plain, out var read) ? read : null);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("+7", 7)]
    [InlineData("-7", -7)]
    [InlineData("-0", 0)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("2147483648", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("007", null)]
    [InlineData("010", null)]
    [InlineData("0x10", null)]
    [InlineData("0o10", null)]
    [InlineData("0b11", null)]
    [InlineData("1_000", null)]
    [InlineData("1,000", null)]
    [InlineData("1e2", null)]
    [InlineData("3.7", null)]
    [InlineData("3.0", null)]
    [InlineData("٣", null)]
    [InlineData("three", null)]
    [InlineData("+", null)]
    [InlineData("", null)]
    [InlineData("7\n", null)]
    public void Decimal_numbers_are_read_and_no_others(string text, int? value)
    {
        Assert.Equal(value, ServerValues.TryCount(text, plain: true, out var read) ? read : null);
        Assert.False(ServerValues.TryCount(text, plain: false, out _));
    }

    private static string? Time(string text, bool plain) =>
        ServerValues.TryTime(text, plain, out var time)
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
