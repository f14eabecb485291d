using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Reads the status of an account where one is typed. Null, an empty text and an array are refused, so that a variable
/// that was never set neither enables anyone nor selects everyone.
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
