using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Refuses what is no status. PowerShell would leave it aside without a word where it is piped in, and the user would be enabled.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StatusTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        LanguagePrimitives.TryConvertTo<PgEdgeUserStatus>(inputData, out var status)
            ? status
            : throw new ArgumentTransformationMetadataException("Enabled or Disabled is needed.");
}
