using System.Collections;
using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Refuses records, such as rows of a table and hashtables, where a name or a credential is wanted. PowerShell would take the
/// text of the whole record for a name, and show it in the message: with all that is in it, a password too.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ScalarValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (!HasRecord(inputData))
            return inputData;
        const string Message = "A single value is needed, not a record of values. Pipe records instead: their properties Username, Path and so on are used.";
        // With this cause PowerShell goes on to the properties of what was piped.
        throw new ArgumentTransformationMetadataException(Message, new PSInvalidCastException(Message));
    }

    private static bool HasRecord(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        // A deserialized user has a text of its own: the user name.
        PSCustomObject => $"{value}" is ['@', '{', ..],
        IDictionary => true,
        IList many => many.Cast<object?>().Any(HasRecord),
        _ => false,
    };
}
