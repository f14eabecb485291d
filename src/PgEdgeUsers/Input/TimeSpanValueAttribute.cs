using System.Globalization;
using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Refuses what is no span of time back or ahead: plain numbers, for PowerShell would take 90 for 90 times 100 ns, which is no time
/// at all, and negative spans, such as that from now to a day in the past.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeSpanValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not (null or TimeSpan or string))
            throw new ArgumentTransformationMetadataException("A plain number is no span of time. Write 90 days as 90.00:00:00, eight hours as 08:00:00.");
        if (LanguagePrimitives.TryConvertTo<TimeSpan>(value, CultureInfo.InvariantCulture, out var span) && span < TimeSpan.Zero)
            throw new ArgumentTransformationMetadataException("A span of time is not negative. Write 90 days as 90.00:00:00.");
        return inputData;
    }
}
