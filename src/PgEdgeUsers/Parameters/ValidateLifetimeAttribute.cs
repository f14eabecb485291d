using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Accepts spans of time for which a session can last.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateLifetimeAttribute : ValidateArgumentsAttribute
{
    private const int MaxDays = 365;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not TimeSpan span || span <= TimeSpan.Zero || span > TimeSpan.FromDays(MaxDays))
            throw new ValidationMetadataException($"A session lasts longer than no time and at most {MaxDays} days.");
    }
}
