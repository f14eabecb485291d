namespace PgEdgeUsers;

/// <summary>What to do with a user that already exists in the destination.</summary>
public enum PgEdgeConflictAction
{
    /// <summary>The user is not copied, which is an error.</summary>
    Error,

    /// <summary>The user is not copied.</summary>
    Skip,

    /// <summary>The user replaces the one in the destination.</summary>
    Overwrite,
}
