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
        // To one 1 is the number of Disabled, to another the word for true.
        string text when text.Any(char.IsAsciiDigit) => throw Refused(),
        string text when text.Trim().ToUpperInvariant() is "TRUE" or "YES" => PgEdgeUserStatus.Enabled,
        string text when text.Trim().ToUpperInvariant() is "FALSE" or "NO" => PgEdgeUserStatus.Disabled,
        // JSON has the status as its number.
        var value => LanguagePrimitives.TryConvertTo<PgEdgeUserStatus>(value, out var status) ? status : throw Refused(),
    };

    private static ArgumentTransformationMetadataException Refused() => new("Enabled or Disabled is needed.");
}
