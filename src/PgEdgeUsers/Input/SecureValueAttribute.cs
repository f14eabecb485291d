using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>
/// Refuses anything but a SecureString before PowerShell's own conversion does, whose message would show the plain text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecureValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or SecureString
            ? value
            : throw new ArgumentTransformationMetadataException(
                "A SecureString is needed, so that the value is not kept in history and logs. Use Read-Host -AsSecureString, Get-Credential or a secret store.");
    }
}
