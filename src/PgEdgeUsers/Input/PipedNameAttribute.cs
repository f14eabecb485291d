using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// Notes whether a name is a line that Get-Content read. Such a line carries the path of the file that it is from, as PSPath,
/// and PowerShell would bind that as the user file. Binding and processing of one input happen one after the other on one thread.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PipedNameAttribute : ArgumentTransformationAttribute
{
    [ThreadStatic]
    private static bool _isLineOfFile;

    /// <summary>Whether the name that this thread bound last is a line of a file.</summary>
    public static bool IsLineOfFile => _isLineOfFile;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        _isLineOfFile = inputData is PSObject { BaseObject: string } text && text.Properties["PSPath"] is not null;
        return inputData;
    }
}
