using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Net;

namespace PgEdgeUsers;

/// <summary>
/// Converts arguments and piped objects to <see cref="UserReference"/>s. Text is a name or a wildcard. A name from a
/// property of an object is always literal, so that a user object named <c>*</c> never stands for everyone.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UserReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>
    /// The properties that may contain the name, in order of precedence. If a property of a group exists, later groups
    /// are ignored: the Name of a directory user is a person's name, even if SamAccountName is empty.
    /// </summary>
    private static readonly string[][] NameProperties = [["Username"], ["SamAccountName", "UserPrincipalName"],
        ["Name"], ["User"]];

    /// <summary>Whether a piped file stands for all of its users.</summary>
    public bool AcceptsFiles { get; set; }

    /// <summary>Whether the parameter takes one user at a time.</summary>
    public bool IsSingle { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var references = References(inputData).ToArray();
        return references.Length == 0 ? throw Refused("No user name was specified.")
            : !IsSingle ? references
            : references.Length == 1 ? references[0]
            : throw Refused("One user name is needed, not several. Pipe several names.");
    }

    private IEnumerable<UserReference> References(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => throw Refused("A user name is null."),
        "" => throw Refused("A user name is empty."),
        UserReference reference => [reference],
        string name => [new UserReference(name, isLiteral: false)],
        IConvertible number => [new UserReference(number.ToString(CultureInfo.InvariantCulture), isLiteral: false)],
        PSCredential => throw Refused("A credential is not a user name. Specify it with -Credential."),
        ScriptBlock => throw Refused("A script block is not a user name."),
        IDictionary => throw Refused("A hashtable is not a user name. Convert it with [pscustomobject]."),
        FileSystemInfo file => [OfFile(file)],
        IEnumerable many => many.Cast<object?>().SelectMany(References),
        _ => OfObject(PSObject.AsPSObject(value!)),
    };

    private UserReference OfFile(FileSystemInfo file) => AcceptsFiles && file is FileInfo
        ? UserReference.Everyone(file.FullName)
        : throw Refused("A file is not a user name. Specify the users by name, and the file with -Path.");

    /// <summary>The user that an object stands for; null if it has no name.</summary>
    public static UserReference? TryOfObject(PSObject value)
    {
        try
        {
            return new UserReferenceTransformationAttribute().OfObject(value)[0];
        }
        catch (ArgumentTransformationMetadataException)
        {
            return null;
        }
    }

    /// <summary>
    /// The users that an object stands for: one, or several if its name property contains several names.
    /// </summary>
    private UserReference[] OfObject(PSObject value)
    {
        var isOwn = value.TypeNames.Any(IsOwnType);
        var path = Text(value, "Path") ?? (isOwn ? Text(value, "Target") : null);
        if (isOwn && AcceptsFiles
            && value.TypeNames.Any(name => name.EndsWith("PgEdgeUsers.PgEdgeUserFile", StringComparison.Ordinal)))
        {
            return [UserReference.Everyone(path)];
        }

        var property = NameProperty(value, isOwn);
        return [.. Names(property).Select(name => new UserReference(name, isLiteral: true)
        {
            Source = value,
            IsOwnObject = isOwn,
            Path = isOwn && System.IO.Path.IsPathFullyQualified(path ?? "") ? path : null,
            RemoteHost = isOwn || path is not null ? RemoteHost(value) : null,
            Problem = name.Length == 0 && !isOwn ? $"has an empty property {property.Name}" : null,
        })];
    }

    /// <summary>The property that contains the name.</summary>
    private static PSPropertyInfo NameProperty(PSObject value, bool isOwn)
    {
        var group = (isOwn ? NameProperties[..1] : NameProperties)
            .Select(names => names.Select(name => value.Properties[name]).OfType<PSPropertyInfo>().ToArray())
            .FirstOrDefault(properties => properties.Length > 0)
            ?? throw Refused("The object has no user name: no property Username, SamAccountName, UserPrincipalName, "
                + "Name or User.");
        return Array.Find(group, property => Names(property)[0].Length > 0) ?? group[0];
    }

    /// <summary>The names that a property contains; a single empty one if it contains none.</summary>
    private static string[] Names(PSPropertyInfo property)
    {
        var value = property.Value is PSObject wrapped ? wrapped.BaseObject : property.Value;
        string[] names = value is string or not IEnumerable
            ? [Text(value) ?? ""]
            : [.. ((IEnumerable)value).Cast<object?>().Select(name => Text(name) ?? "")];
        return names.Length > 0 ? names : [""];
    }

    private static bool IsOwnType(string typeName) =>
        typeName.StartsWith("PgEdgeUsers.PgEdge", StringComparison.Ordinal)
        || typeName.StartsWith("Deserialized.PgEdgeUsers.PgEdge", StringComparison.Ordinal)
        || typeName.StartsWith("Selected.PgEdgeUsers.PgEdge", StringComparison.Ordinal)
        || typeName.StartsWith("Selected.Deserialized.PgEdgeUsers.PgEdge", StringComparison.Ordinal);

    /// <summary>The host that the object was sent from; null if that is this host.</summary>
    private static string? RemoteHost(PSObject value)
    {
        var host = Text(value, "PSComputerName");
        return host is null
            || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || string.Equals(host, Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)) ? null : host;
    }

    private static string? Text(PSObject value, string name) =>
        value.Properties[name] is { } property ? Text(property.Value) : null;

    private static string? Text(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) is IConvertible text
            ? text.ToString(CultureInfo.InvariantCulture)
            : null;

    /// <summary>
    /// An error after which PowerShell tries other parameter sets and the properties of the piped object.
    /// </summary>
    private static ArgumentTransformationMetadataException Refused(string message) =>
        new(message, new PSInvalidCastException(message));
}
