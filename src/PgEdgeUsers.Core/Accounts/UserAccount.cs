namespace PgEdgeUsers.Core.Accounts;

/// <summary>A user in the file, read by the server's rules.</summary>
/// <param name="Name">The map key: the name that sign-in uses.</param>
public sealed record UserAccount(string Name)
{
    /// <summary>The <c>username</c> field, which the server displays but never compares. Empty if missing.</summary>
    /// <remarks>It usually equals the name; then it shares the same string to save memory.</remarks>
    public string DisplayName { get; init => field = value == Name ? Name : value; } = "";

    /// <summary>The bcrypt hash. Empty if missing; then no password matches.</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary>When the account was created, in UTC, to 100 ns. Null if the file does not say.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The last successful sign-in, in UTC, to 100 ns. Null if there was none.</summary>
    public DateTime? LastLogin { get; init; }

    /// <summary>Whether sign-in is allowed. A missing field means no, as for the server.</summary>
    public bool Enabled { get; init; }

    /// <summary>The administrator's annotation. Empty if missing.</summary>
    public string Annotation { get; init; } = "";

    /// <summary>Failed sign-ins since the last successful one or since the account was enabled.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Returns only the name: the generated method would include the hash.</summary>
    public override string ToString() => Name;
}
