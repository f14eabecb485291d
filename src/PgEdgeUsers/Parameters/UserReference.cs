using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>
/// The users that one argument or one piped object stands for: a name or wildcard, and the user file if it is known.
/// </summary>
public sealed class UserReference
{
    internal UserReference(string name, bool isLiteral)
    {
        Name = name;
        IsLiteral = isLiteral;
    }

    /// <summary>
    /// The name; a wildcard only if <see cref="IsLiteral"/> is false and no user has exactly this name.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// Whether the name stands for itself even if it contains wildcard characters, as a name from an object does.
    /// </summary>
    public bool IsLiteral { get; }

    /// <summary>The user file that the object came from; null for names and for objects of other modules.</summary>
    public string? Path { get; internal init; }

    /// <summary>Whether the reference came from one of this module's own objects.</summary>
    internal bool IsOwnObject { get; init; }

    /// <summary>The other host that the object came from; null for this host.</summary>
    internal string? RemoteHost { get; init; }

    /// <summary>Whether the reference stands for a user file that was piped, and so for all of its users.</summary>
    internal bool IsFile { get; init; }

    /// <summary>The problem with the name of the object, as the end of a sentence; null if there is none.</summary>
    internal string? Problem { get; init; }

    /// <summary>The object that the name was taken from; null if it was a text.</summary>
    internal PSObject? Source { get; init; }

    /// <summary>The users of the default file or of <paramref name="path"/>.</summary>
    internal static UserReference Everyone(string? path = null) =>
        new("*", isLiteral: false) { Path = path, IsFile = path is not null };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
