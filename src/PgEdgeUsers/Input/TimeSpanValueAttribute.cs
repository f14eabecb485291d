using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Refuses plain numbers where a span of time is wanted: PowerShell would take 90 for 90 times 100 ns, which is no time at all.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeSpanValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or TimeSpan or string
            ? inputData
            : throw new ArgumentTransformationMetadataException("A plain number is no span of time. Write 90 days as 90.00:00:00, eight hours as 08:00:00.");
    }
}
