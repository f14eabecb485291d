namespace PgEdgeUsers;

/// <summary>Whether a user may sign in.</summary>
public enum PgEdgeUserStatus
{
    /// <summary>Sign-in is refused, by an administrator or by a lockout.</summary>
    Disabled,

    /// <summary>Sign-in is allowed.</summary>
    Enabled,
}
