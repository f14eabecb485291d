using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Reads a typed account status. Null, an empty string and an array are rejected, so that a variable that was never set
/// neither enables anyone nor selects everyone.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StatusTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        AccountStatus.TryRead(inputData, out var status) && status is { } value
            ? value
            : throw new ArgumentTransformationMetadataException("The status must be Enabled or Disabled.");
}
