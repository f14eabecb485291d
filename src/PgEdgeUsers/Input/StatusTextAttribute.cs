using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Takes a status, or whether the user is enabled, as accounts of other systems have it; refuses anything else. PowerShell would
/// leave it aside without a word where it is piped in, and the user would be enabled.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StatusTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        bool isEnabled => isEnabled ? PgEdgeUserStatus.Enabled : PgEdgeUserStatus.Disabled,
        string text => text.Trim().ToUpperInvariant() switch
        {
            "ENABLED" or "TRUE" or "YES" => PgEdgeUserStatus.Enabled,
            "DISABLED" or "FALSE" or "NO" => PgEdgeUserStatus.Disabled,
            _ => throw Refused(),
        },
        // JSON has the status as its number.
        var value => LanguagePrimitives.TryConvertTo<PgEdgeUserStatus>(value, out var status) ? status : throw Refused(),
    };

    private static ArgumentTransformationMetadataException Refused() => new("Enabled or Disabled is needed.");
}
