namespace PgEdgeUsers;

/// <summary>What is done with a user that exists in the destination, too.</summary>
public enum PgEdgeConflictAction
{
    /// <summary>The user is not copied, which is an error.</summary>
    Error,

    /// <summary>The user is not copied.</summary>
    Skip,

    /// <summary>The user replaces the one in the destination.</summary>
    Overwrite,
}
