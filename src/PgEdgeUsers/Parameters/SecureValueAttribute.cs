using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>
/// Replaces anything but a SecureString by a marker, which the cmdlet reports as an error. PowerShell's own messages
/// would show the plain text or keep it in the target of the error record.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecureValueAttribute : ArgumentTransformationAttribute
{
    // Empty, so that it could not be used as a password even if a cmdlet did not check it.
    private static readonly SecureString Refused = new();

    /// <summary>Whether something other than a SecureString was given.</summary>
    public static bool IsRefused(SecureString? value) => ReferenceEquals(value, Refused);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or SecureString ? value : Refused;
    }
}
