namespace PgEdgeUsers.Core.Storage;

/// <summary>The account and group that a file belongs to.</summary>
/// <param name="User">The user's number; 0 where the system has no numbers.</param>
/// <param name="Group">The group's number; 0 where the system has no numbers.</param>
/// <param name="Sid">The owner's security identifier on Windows; elsewhere null.</param>
internal sealed record FileOwner(uint User, uint Group, string? Sid = null)
{
    /// <summary>
    /// The account's name, or its number or identifier where it has no name; empty where the system cannot tell.
    /// </summary>
    public string Name => FileSystem.Current.NameOf(this);
}
