namespace PgEdgeUsers;

/// <summary>The user file that is used, with its status.</summary>
public sealed class PgEdgeUserFile
{
    internal PgEdgeUserFile(string path, string reason, bool? exists, int? users, string mode, string owner)
    {
        Path = path;
        Reason = reason;
        Exists = exists;
        Users = users;
        Mode = mode;
        Owner = owner;
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Why this file is used.</summary>
    public string Reason { get; }

    /// <summary>Whether it exists; null if this account may not search its folder.</summary>
    public bool? Exists { get; }

    /// <summary>The number of users; null if the file cannot be read.</summary>
    public int? Users { get; }

    /// <summary>Its mode as four octal digits; empty if there is none.</summary>
    public string Mode { get; }

    /// <summary>Its owner; empty if unknown.</summary>
    public string Owner { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
