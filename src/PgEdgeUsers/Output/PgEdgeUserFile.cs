namespace PgEdgeUsers;

/// <summary>Which user file is used, and what is known of it.</summary>
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

    /// <summary>Why it is this file.</summary>
    public string Reason { get; }

    /// <summary>Whether it is there; null when its folder does not let this account know.</summary>
    public bool? Exists { get; }

    /// <summary>How many users it has; null when it cannot be read.</summary>
    public int? Users { get; }

    /// <summary>Its mode as four octal digits; empty where there is none.</summary>
    public string Mode { get; }

    /// <summary>Its owner; empty where the system cannot tell.</summary>
    public string Owner { get; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
