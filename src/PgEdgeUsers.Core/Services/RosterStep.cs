using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>The change that a roster makes to one user.</summary>
/// <param name="Change">The change, which has no effect if the user already matches the roster.</param>
/// <param name="Before">The current account; null if there is none.</param>
/// <param name="After">The new account, apart from a new password; null if the account is removed.</param>
/// <param name="IsInRoster">Whether the roster contains the user.</param>
public sealed record RosterStep(UserChange Change, UserAccount? Before, UserAccount? After, bool IsInRoster)
{
    /// <summary>The exact name of the user.</summary>
    public string Username => Change.Username;

    /// <summary>Where the new password comes from.</summary>
    public NewPassword NewPassword { get; init; }

    /// <summary>The new password, if the roster contains it.</summary>
    public SecureString? Password { get; init; }

    /// <summary>Whether the user is removed or disabled.</summary>
    public bool IsLoss => Before is not null && (After is null || (Before.Enabled && !After.Enabled));
}

/// <summary>Where a new password comes from.</summary>
public enum NewPassword
{
    /// <summary>No password is hashed: the user keeps its own, gets a copied hash, or has none.</summary>
    None,

    /// <summary>The roster contains it.</summary>
    Given,

    /// <summary>It will be generated.</summary>
    Generated,

    /// <summary>The user needs one, but there is none. The change must not be made.</summary>
    Missing,
}
