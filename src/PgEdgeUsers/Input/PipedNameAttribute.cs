using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace PgEdgeUsers;

/// <summary>
/// Tells names of users from files. A line that Get-Content read is a name, and carries the path of the file that it is from, as
/// PSPath, which PowerShell would bind as the user file. A file that Get-Item found is a user file, and has a name of its own,
/// which PowerShell would bind as a user's.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PipedNameAttribute : ScalarValueAttribute
{
    // By identity: the same text from elsewhere is another object, and nothing but a name.
    private static readonly ConditionalWeakTable<string, string> FilesOfLines = [];
    private static readonly ConditionalWeakTable<string, FileSystemInfo> FilesOfNames = [];

    /// <summary>The users whom a file stands for; null where it stands for none.</summary>
    public string? OfFile { get; set; }

    /// <summary>Whether a bound name, or the only one of several, is a line of the file.</summary>
    public static bool IsLineOf(object? name, string path) =>
        (name is string[] names ? names is [var only] ? only : null : name as string) is { } line
        && FilesOfLines.TryGetValue(line, out var file) && file == path;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
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

        return base.Transform(engineIntrinsics, inputData);
    }

    private static ArgumentTransformationMetadataException NoName() =>
        new("A file is not the name of a user. Name the users, and the file with -Path.");
}
