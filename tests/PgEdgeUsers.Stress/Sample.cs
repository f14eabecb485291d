using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Stress;

/// <summary>User files as the server writes them, and accounts in them.</summary>
internal static class Sample
{
    public const string Hash = "$2a$12$KTAiCFqQqCfwEZ93ApWafeWuSrc.oUrNvQK/YUHhuTJLM/URosa/W";

    public const string OtherHash = "$2a$12$8Pkj51wAyK0ui7gaNPrazezwwJ9xr0kXhCteiPMgiXA4t43OUTj/.";

    /// <summary>A file with one user, alice, whose annotation is "note".</summary>
    public static string Alice { get; } = OfAlice("note");

    public static DateTime Created { get; } = new(2025, 12, 23, 15, 26, 41, DateTimeKind.Utc);

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"user{number:D5}");

    public static UserAccount Account(string name) =>
        new(name) { DisplayName = name, PasswordHash = Hash, CreatedAt = Created, Enabled = true };

    /// <summary>A file with one user, alice.</summary>
    /// <param name="annotation">Her annotation, as YAML.</param>
    public static string OfAlice(string annotation) =>
        "users:\n" + Entry("alice", annotation, created: "2025-01-02T03:04:05Z");

    /// <summary>A file with numbered users.</summary>
    /// <param name="users">How many.</param>
    /// <param name="annotation">The first user's annotation, as YAML. The others have none.</param>
    public static string Text(int users, string annotation = "\"\"") => "users:\n" + string.Concat(
        Enumerable.Range(1, users).Select(i => Entry(Name(i), i == 1 ? annotation : "\"\"")));

    /// <summary>The lines of a user. The server writes times with nine digits, of which .NET keeps seven.</summary>
    public static string Entry(
        string name, string annotation, string created = "2025-12-23T15:26:41.123456789Z") => $"""
            {name}:
                username: {name}
                password_hash: {Hash}
                created_at: {created}
                last_login: null
                enabled: true
                annotation: {annotation}
                failed_attempts: 0

        """;

    /// <summary>A file with these users, sorted by name. A user without a date is written without fields.</summary>
    public static string Text(IEnumerable<UserAccount> accounts)
    {
        var text = new StringBuilder("users:");
        foreach (var account in accounts.OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            if (text.Length == "users:".Length)
                text.Append('\n');
            if (account.CreatedAt is not { } created)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {account.Name}: null\n");
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"""
                    {account.Name}:
                        username: {account.DisplayName}
                        password_hash: {account.PasswordHash}
                        created_at: {ServerValues.WriteTime(created)}
                        last_login: {(account.LastLogin is { } login ? ServerValues.WriteTime(login) : "null")}
                        enabled: {(account.Enabled ? "true" : "false")}
                        annotation: {YamlScalar.Write(account.Annotation)}
                        failed_attempts: {account.FailedAttempts}

                """);
        }

        return text.Length == "users:".Length ? "users: {}\n" : text.ToString();
    }

    /// <summary>Loads everything that a change needs, by making one in a file of its own.</summary>
    public static void WarmUp()
    {
        var folder = Directory.CreateTempSubdirectory("pgedge-users-");
        var file = new UserFile(Path.Combine(folder.FullName, "users.yaml"));
        file.Update([new AddUser(Account("warm"))]);
        file.Update([new UpdateUser("warm", a => a with { Annotation = "up" }), new RemoveUser("nobody")], file.Read());
        folder.Delete(recursive: true);
    }
}
