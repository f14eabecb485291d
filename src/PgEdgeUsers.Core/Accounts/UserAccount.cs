namespace PgEdgeUsers.Core.Accounts;

/// <summary>One user as the file holds it, read by the server's rules.</summary>
/// <param name="Name">The map key: the name that sign-in uses.</param>
public sealed record UserAccount(string Name)
{
    /// <summary>The <c>username</c> field, which the server shows but never compares. Empty when missing.</summary>
    /// <remarks>It usually is the name, and then need not be in memory twice.</remarks>
    public string DisplayName { get; init => field = value == Name ? Name : value; } = "";

    /// <summary>The bcrypt hash. Empty when missing: then no password matches.</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary>When the account was made, in UTC, to 100 ns. Null when the file does not say.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The last successful sign-in, in UTC, to 100 ns. Null when there was none.</summary>
    public DateTime? LastLogin { get; init; }

    /// <summary>Whether sign-in is allowed. A missing field means no, as it does to the server.</summary>
    public bool Enabled { get; init; }

    /// <summary>The administrator's note. Empty when missing.</summary>
    public string Annotation { get; init; } = "";

    /// <summary>Failed sign-ins since the last successful one or since the account was enabled.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Names the user and nothing else: the generated text would show the hash.</summary>
    public override string ToString() => Name;
}
