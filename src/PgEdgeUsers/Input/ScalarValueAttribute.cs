using System.Collections;
using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Refuses objects, such as rows of a table, hashtables and files, where a name or a credential is wanted. PowerShell would take
/// the text of the whole object for a name, and show it in the message: with all that is in it, a password too.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal class ScalarValueAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (IsScalar(inputData))
            return inputData;
        const string Message = "A single value is needed, not an object with values. Pipe objects instead: their properties Username, Path and so on are used.";
        // With this cause PowerShell goes on to the properties of what was piped.
        throw new ArgumentTransformationMetadataException(Message, new PSInvalidCastException(Message));
    }

    private static bool IsScalar(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null or IConvertible or PSCredential => true,
        IDictionary => false,
        IList many => many.Cast<object?>().All(IsScalar),
        // Users, and users from another process, have their name as their text.
        _ => PSObject.AsPSObject(value).Properties["Username"]?.Value is string name && name == $"{value}",
    };
}
