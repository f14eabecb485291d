using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers;

/// <summary>
/// Drops anything but a SecureString at the door, for the cmdlet to report: PowerShell's own messages would show the
/// plain text, or keep it in the error record's target.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecureValueAttribute : ArgumentTransformationAttribute
{
    // Empty, so that it could not serve as a password even where it went unnoticed.
    private static readonly SecureString Refused = new();

    /// <summary>Whether something else than a SecureString was given for this value.</summary>
    public static bool IsRefused(SecureString? value) => ReferenceEquals(value, Refused);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or SecureString ? value : Refused;
    }
}
