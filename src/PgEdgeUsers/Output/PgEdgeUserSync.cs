using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Services;

namespace PgEdgeUsers;

/// <summary>The change that a roster makes to a user. It has no password hash.</summary>
public sealed class PgEdgeUserSync
{
    internal PgEdgeUserSync(RosterStep step, UserAccount? before, UserAccount? after, string path)
    {
        var setsPassword = step.NewPassword != NewPassword.None;
        Username = step.Username;
        Action = (before, after) switch
        {
            (null, _) => "Add",
            (_, null) => "Remove",
            _ when before.Enabled && !after.Enabled => "Disable",
            _ => setsPassword || before != after ? "Change" : "None",
        };
        Changes = [.. AccountChanges.Of(before, after, setsPassword)];
        InRoster = step.IsInRoster;
        Path = path;
    }

    /// <summary>The name of the user.</summary>
    public string Username { get; }

    /// <summary>What is done: Add, Change, Disable, Remove or None.</summary>
    public string Action { get; }

    /// <summary>What changes, with old and new values. For a password, only that it changes.</summary>
    public string[] Changes { get; }

    /// <summary>Whether the roster contains the user.</summary>
    public bool InRoster { get; }

    /// <summary>The user file that is changed.</summary>
    public string Path { get; }

    /// <summary>The action and the user.</summary>
    public override string ToString() => $"{Action} {VisibleText.Of(Username)}";
}
