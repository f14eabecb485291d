using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>
/// Reads a duration: a TimeSpan, a number with a unit such as <c>90d</c>, <c>12h</c> or <c>30m</c>, or
/// <c>[d.]hh:mm[:ss]</c>. Text that .NET would misread is rejected: a number without a unit (ticks) and 24 hours or
/// more before the first colon (days).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class DurationAttribute : ArgumentTransformationAttribute
{
    private const string Help = "Write a number with a unit, such as 90d, 12h or 30m.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var duration = (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            TimeSpan span => span,
            string text => Parse(text.Trim()),
            null => throw new ArgumentTransformationMetadataException($"The duration is null. {Help}"),
            // PowerShell parses 90d as a decimal number, but keeps the typed text for conversions to strings.
            IConvertible => Parse(LanguagePrimitives.ConvertTo<string>(inputData)),
            _ => throw new ArgumentTransformationMetadataException($"The value is not a duration. {Help}"),
        };
        return duration >= TimeSpan.Zero
            ? duration
            : throw new ArgumentTransformationMetadataException($"The duration is negative. {Help}");
    }

    private static TimeSpan Parse(string text)
    {
        try
        {
            if (WithUnit().Match(text) is { Success: true } match)
            {
                var number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                return match.Groups[2].Value.ToUpperInvariant() switch
                {
                    "D" => TimeSpan.FromDays(number),
                    "H" => TimeSpan.FromHours(number),
                    "M" => TimeSpan.FromMinutes(number),
                    _ => TimeSpan.FromSeconds(number),
                };
            }

            if (Clock().IsMatch(text))
                return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new ArgumentTransformationMetadataException(
                $"The duration '{VisibleText.BeginningOf(text)}' is too long.");
        }

        throw new ArgumentTransformationMetadataException(
            $"'{VisibleText.BeginningOf(text)}' is not a duration. {Help}");
    }

    [GeneratedRegex(@"\A(-?[0-9]{1,9})\s*([dhms])\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WithUnit();

    [GeneratedRegex(@"\A-?(?:[0-9]{1,8}\.)?(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9](?::[0-5]?[0-9](?:\.[0-9]{1,7})?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
