using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers;

/// <summary>A user account of the server. It has no password hash.</summary>
public sealed class PgEdgeUser
{
    internal PgEdgeUser(UserAccount account, string path, DateTime? passwordLastSet)
    {
        Username = account.Name;
        Enabled = account.Enabled;
        CreatedAt = account.CreatedAt?.ToLocalTime();
        LastLogin = account.LastLogin?.ToLocalTime();
        PasswordLastSet = passwordLastSet?.ToLocalTime();
        FailedAttempts = account.FailedAttempts;
        Annotation = account.Annotation;
        Path = path;
    }

    /// <summary>The name that sign-in uses, as it is in the file.</summary>
    public string Username { get; }

    /// <summary>Whether the user may sign in.</summary>
    public bool Enabled { get; }

    /// <summary><c>Enabled</c> or <c>Disabled</c>: the same as <see cref="Enabled"/>, as a word.</summary>
    public string Status => Enabled ? nameof(PgEdgeUserStatus.Enabled) : nameof(PgEdgeUserStatus.Disabled);

    /// <summary>When the account was created, in local time; null if the file does not say.</summary>
    public DateTime? CreatedAt { get; }

    /// <summary>The last successful sign-in, in local time; null if there was none.</summary>
    public DateTime? LastLogin { get; }

    /// <summary>
    /// When this module set the current password, in local time; null if another program set it, or if it was not
    /// recorded.
    /// </summary>
    public DateTime? PasswordLastSet { get; }

    /// <summary>Failed sign-ins since the last successful one or since the account was enabled.</summary>
    public int FailedAttempts { get; }

    /// <summary>The administrator's annotation, as it is in the file; empty if there is none.</summary>
    public string Annotation { get; }

    /// <summary>The user file of the account.</summary>
    public string Path { get; }

    /// <summary>The user name.</summary>
    public override string ToString() => Username;
}
