using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Rejects text with line breaks or other control characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SingleLineAttribute : ValidateArgumentsAttribute
{
    private const int MaxLength = 1024;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is string text
            && (text.Length > MaxLength || text.Any(char.IsControl) || text.Any(c => c is '\u2028' or '\u2029')))
        {
            throw new ValidationMetadataException($"The text must be one line of at most {MaxLength} characters.");
        }
    }
}
