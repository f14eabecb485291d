using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace PgEdgeUsers;

/// <summary>
/// Tells names of users from files, and remembers which name is of which file. A user object is the name of a user of its own file,
/// also as an argument, where PowerShell would bind no path. A line that Get-Content read is a name, and carries the path of the
/// file that it is from, as PSPath, which PowerShell would bind as the user file. A file that Get-Item found is a user file, and
/// has a name of its own, which PowerShell would bind as a user's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PipedNameAttribute : ScalarValueAttribute
{
    // By identity: the same text from elsewhere is another object, and nothing but a name.
    private static readonly ConditionalWeakTable<string, string> FilesOfLines = [];
    private static readonly ConditionalWeakTable<string, string> FilesOfUsers = [];
    private static readonly ConditionalWeakTable<string, FileSystemInfo> FilesOfNames = [];

    /// <summary>Takes names, and users for theirs.</summary>
    public PipedNameAttribute() => Property = nameof(PgEdgeUser.Username);

    /// <summary>The users whom a file stands for; null where it stands for none.</summary>
    public string? OfFile { get; set; }

    /// <summary>Whether a bound name, or the only one of several, is a line of the file.</summary>
    public static bool IsLineOf(object? name, string path) =>
        (name is string[] names ? names is [var only] ? only : null : name as string) is { } line
        && FilesOfLines.TryGetValue(line, out var file) && file == path;

    /// <summary>A bound name, as nothing but a name, and the file of the user object that it is from; null where it is from none.</summary>
    public static (string Name, string? File) NameAndFile(string name) => FilesOfUsers.TryGetValue(name, out var file) ? (new string(name.AsSpan()), file) : (name, null);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        // It has a name and a password; to take the one and leave the other would not be what was meant.
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is PSCredential)
            throw Refused("A credential is not the name of a user. Give it with -Credential, or its UserName.");
        if (inputData is PSObject piped)
        {
            var path = piped.Properties["PSPath"]?.Value as string;
            if (piped.BaseObject is string line && path is not null)
            {
                FilesOfLines.AddOrUpdate(line, path);
                return line;
            }

            if (piped.BaseObject is FileSystemInfo file)
            {
                // Without a path to bind, users of another file would be taken.
                if (path is null)
                    throw NoName();
                FilesOfNames.AddOrUpdate(file.Name, file);
            }
        }
        // What was piped comes before its properties.
        else if (inputData is string name && FilesOfNames.Remove(name))
        {
            return OfFile ?? throw NoName();
        }

        return WithFile(base.Transform(engineIntrinsics, inputData));
    }

    /// <summary>The name of a user object, or several, as texts of which it is known from which file they are.</summary>
    private static object? WithFile(object? value)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case null or IConvertible:
                return value;
            case IList many:
                return many.Cast<object?>().Select(WithFile).ToArray();
        }

        var user = PSObject.AsPSObject(value);
        if (user.Properties["Path"]?.Value is not string { Length: > 0 } path || user.Properties["Username"]?.Value is not string { Length: > 0 } text)
            return value;
        var name = new string(text.AsSpan());
        FilesOfUsers.Add(name, path);
        return name;
    }

    private static ArgumentTransformationMetadataException NoName() =>
        new("A file is not the name of a user. Name the users, and the file with -Path.");
}
