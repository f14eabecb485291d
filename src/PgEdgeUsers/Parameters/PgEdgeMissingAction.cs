namespace PgEdgeUsers;

/// <summary>What is done with users that a roster does not name.</summary>
public enum PgEdgeMissingAction
{
    /// <summary>They stay as they are.</summary>
    Ignore,

    /// <summary>They are disabled.</summary>
    Disable,

    /// <summary>They are removed.</summary>
    Remove,
}
