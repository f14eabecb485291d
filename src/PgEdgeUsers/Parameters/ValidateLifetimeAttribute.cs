using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Accepts valid lifetimes of sessions.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateLifetimeAttribute : ValidateArgumentsAttribute
{
    private const int MaxDays = 365;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not TimeSpan span || span <= TimeSpan.Zero || span > TimeSpan.FromDays(MaxDays))
            throw new ValidationMetadataException($"The lifetime must be positive and at most {MaxDays} days.");
    }
}
