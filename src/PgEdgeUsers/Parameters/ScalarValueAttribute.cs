using System.Collections;
using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Refuses objects, such as rows of a table, hashtables and files, where a name, a path or a credential is wanted.
/// PowerShell would take the text of the whole object for a name, and show it in the message: with all that is in it, a
/// password too.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ScalarValueAttribute : ArgumentTransformationAttribute
{
    /// <summary>
    /// The property for which an object may stand whose text it is, as a user stands for its name; null where none may.
    /// </summary>
    public string? Property { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (IsScalar(inputData))
            return inputData;
        // PowerShell runs one for each input only where the parameter takes input from the pipeline.
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock)
            throw Refused("A script block is no value here. Use ForEach-Object to give each input a value of its own.");
        throw Refused("A single value is needed, not an object with values. Pipe objects instead: their properties "
            + "Username, Path and so on are used.");
    }

    /// <summary>
    /// A refusal after which PowerShell goes on to other parameter sets, and to the properties of what was piped.
    /// </summary>
    private static ArgumentTransformationMetadataException Refused(string message) =>
        new(message, new PSInvalidCastException(message));

    private bool IsScalar(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null or IConvertible or PSCredential => true,
        IDictionary => false,
        IList many => many.Cast<object?>().All(IsScalar),
        FileSystemInfo => Property == "Path",
        // Users have their name as their text, user files their path; those from another process, too.
        _ => Property is not null && PSObject.AsPSObject(value).Properties[Property]?.Value is string text
            && text == $"{value}",
    };
}
