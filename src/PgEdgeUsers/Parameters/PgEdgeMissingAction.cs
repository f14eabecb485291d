namespace PgEdgeUsers;

/// <summary>What to do with users that a roster does not contain.</summary>
public enum PgEdgeMissingAction
{
    /// <summary>They are not changed.</summary>
    Ignore,

    /// <summary>They are disabled.</summary>
    Disable,

    /// <summary>They are removed.</summary>
    Remove,
}
