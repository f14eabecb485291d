using System.Collections;
using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Rejects objects, such as rows of a table, hashtables and files, where a name, a path or a credential is expected.
/// PowerShell would use the text of the whole object as the name and show it in the message, including any password in
/// it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ScalarValueAttribute : ArgumentTransformationAttribute
{
    /// <summary>
    /// The property that may be passed as an object whose text equals it, as a user object for its name; null if none
    /// may.
    /// </summary>
    public string? Property { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (IsScalar(inputData))
            return inputData;
        // PowerShell invokes a script block for each input only if the parameter takes pipeline input.
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock)
            throw Refused("A script block is not allowed here. Use ForEach-Object to give each input its own value.");
        throw Refused("A single value is needed, not an object with values. Pipe objects instead: their properties "
            + "Username, Path and so on are used.");
    }

    /// <summary>
    /// An error after which PowerShell tries other parameter sets and the properties of the piped object.
    /// </summary>
    private static ArgumentTransformationMetadataException Refused(string message) =>
        new(message, new PSInvalidCastException(message));

    private bool IsScalar(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null or IConvertible or PSCredential => true,
        IDictionary => false,
        IList many => many.Cast<object?>().All(IsScalar),
        FileSystemInfo => Property == "Path",
        // The text of a user is its name and that of a user file its path, also for deserialized objects.
        _ => Property is not null && PSObject.AsPSObject(value).Properties[Property]?.Value is string text
            && text == $"{value}",
    };
}
