using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Refuses a time span that is not longer than nothing.</summary>
internal sealed class ValidatePositiveTimeAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan span && (span <= TimeSpan.Zero || span > TimeSpan.FromDays(3650)))
            throw new ValidationMetadataException("A time span of more than nothing and at most ten years is needed, such as 08:00:00 or 1.00:00:00.");
    }
}
