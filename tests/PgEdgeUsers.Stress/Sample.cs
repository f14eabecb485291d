using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Stress;

/// <summary>User files as the server writes them.</summary>
internal static class Sample
{
    public const string Hash = "$2a$12$KTAiCFqQqCfwEZ93ApWafeWuSrc.oUrNvQK/YUHhuTJLM/URosa/W";

    public const string OtherHash = "$2a$12$KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC";

    public static DateTime Created { get; } = new(2025, 12, 23, 15, 26, 41, DateTimeKind.Utc);

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"user{number:D5}");

    public static UserAccount Account(string name) =>
        new(name) { DisplayName = name, PasswordHash = Hash, CreatedAt = Created, Enabled = true };

    /// <summary>A file of users, the first of whom has a note.</summary>
    public static string Text(int users, string note = "\"\"") =>
        "users:\n" + string.Concat(Enumerable.Range(1, users).Select(i => Entry(Name(i), i == 1 ? note : "\"\"")));

    /// <summary>A user as the server writes it. Its times have nine digits, of which .NET keeps seven.</summary>
    public static string Entry(string name, string note) => $"""
            {name}:
                username: {name}
                password_hash: {Hash}
                created_at: 2025-12-23T15:26:41.123456789Z
                last_login: null
                enabled: true
                annotation: {note}
                failed_attempts: 0

        """;

    /// <summary>The whole file as the server writes it: by name, in its own form; one without a date is one that it has nothing of.</summary>
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

    /// <summary>Uses all that an edit uses, in a file of its own.</summary>
    public static void WarmUp()
    {
        var folder = Directory.CreateTempSubdirectory("pgedge-users-");
        var file = new UserFile(Path.Combine(folder.FullName, "users.yaml"));
        file.Update([new AddUser(Account("warm"))]);
        file.Update([new UpdateUser("warm", a => a with { Annotation = "up" }), new RemoveUser("nobody")], file.Read());
        folder.Delete(recursive: true);
    }
}
