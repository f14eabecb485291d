namespace PgEdgeUsers.Core.Storage;

/// <summary>The account and group that a file belongs to.</summary>
/// <param name="User">The user's number; 0 if the system has no numbers.</param>
/// <param name="Group">The group's number; 0 if the system has no numbers.</param>
/// <param name="Sid">The owner's security identifier on Windows; null on other systems.</param>
internal sealed record FileOwner(uint User, uint Group, string? Sid = null)
{
    /// <summary>The account's name, or its number or identifier if it has no name; empty if unknown.</summary>
    public string Name => FileSystem.Current.NameOf(this);
}
