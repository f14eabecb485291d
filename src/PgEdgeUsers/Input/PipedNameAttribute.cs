using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Tells names of users from files. A line that Get-Content read is a name, and carries the path of the file that it is from, as
/// PSPath, which PowerShell would bind as the user file. A file that Get-Item found is a user file, and has a name of its own,
/// which PowerShell would bind as a user's. Binding and processing of one input happen one after the other on one thread.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PipedNameAttribute : ScalarValueAttribute
{
    [ThreadStatic]
    private static bool _isLineOfFile;

    [ThreadStatic]
    private static string? _nameOfFile;

    /// <summary>Whether the name that this thread bound last is a line of a file.</summary>
    public static bool IsLineOfFile => _isLineOfFile;

    /// <summary>The users whom a file stands for; null where it stands for none.</summary>
    public string? OfFile { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var piped = inputData as PSObject;
        var hasPath = piped?.Properties["PSPath"] is not null;
        _isLineOfFile = hasPath && piped!.BaseObject is string;
        if (piped?.BaseObject is FileSystemInfo file)
        {
            _nameOfFile = file.Name;
            // Without a path to bind, users of another file would be taken.
            if (!hasPath)
                throw NoName();
        }
        // What was piped comes before its properties. The same text from elsewhere is another object, and a name.
        else if (inputData is not null && ReferenceEquals(inputData, _nameOfFile))
        {
            return OfFile ?? throw NoName();
        }

        return base.Transform(engineIntrinsics, inputData);
    }

    private static ArgumentTransformationMetadataException NoName() =>
        new("A file is not the name of a user. Name the users, and the file with -Path.");
}
