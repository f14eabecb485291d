using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>What a roster means for one user.</summary>
/// <param name="Change">The change, which changes nothing if the user is as the roster says.</param>
/// <param name="Before">The account as it is; null if there is none.</param>
/// <param name="After">
/// The account as it is to be, apart from a new password; null if it is to be removed.
/// </param>
/// <param name="IsInRoster">Whether the roster names the user.</param>
public sealed record RosterStep(UserChange Change, UserAccount? Before, UserAccount? After, bool IsInRoster)
{
    /// <summary>The exact name of the user.</summary>
    public string Username => Change.Username;

    /// <summary>Where the new password comes from.</summary>
    public NewPassword NewPassword { get; init; }

    /// <summary>The new password, if the roster has it.</summary>
    public SecureString? Password { get; init; }

    /// <summary>Whether the user is removed or disabled.</summary>
    public bool IsLoss => Before is not null && (After is null || (Before.Enabled && !After.Enabled));
}

/// <summary>Where a new password comes from.</summary>
public enum NewPassword
{
    /// <summary>No password is hashed: the user keeps its own, gets a copied hash, or has none.</summary>
    None,

    /// <summary>The roster has it.</summary>
    Given,

    /// <summary>It is to be generated.</summary>
    Generated,

    /// <summary>The user needs one, and there is none. The change must not be made.</summary>
    Missing,
}
