using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Benchmarks;

/// <summary>A user file of a given size in a folder of its own, with an account for each result of a sign-in.</summary>
internal sealed class SampleStore : IDisposable
{
    public const string Password = "plum violin orbit ladder";

    /// <summary>The number of accounts that are different from the others.</summary>
    public const int Special = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("pgedge-benchmark-").FullName;

    public SampleStore(int users)
    {
        Hash = BCrypt.Net.BCrypt.HashPassword(Password, BCrypt.Net.BCrypt.GenerateSalt(12, 'a'));
        var text = new StringBuilder("users:\n");
        Add(text, "alice", Hash);
        Add(text, "disabled", Hash, enabled: false);
        Add(text, "malformed", Hash[..^1]);
        Add(text, "cheap", BCrypt.Net.BCrypt.HashPassword(Password, BCrypt.Net.BCrypt.GenerateSalt(6, 'a')));
        for (var i = Special; i < users; i++)
            Add(text, Name(i), Hash);
        Path = System.IO.Path.Combine(_folder, "users.yaml");
        File.WriteAllText(Path, text.ToString());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string Path { get; }

    public string Hash { get; }

    /// <summary>The name of one of the other accounts. Their numbers start at <see cref="Special"/>.</summary>
    public static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"user{i:00000}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Add(StringBuilder text, string name, string hash, bool enabled = true) =>
        text.Append(CultureInfo.InvariantCulture, $"""
            {name}:
                username: {name}
                password_hash: {hash}
                created_at: 2025-12-23T15:26:41.123456789Z
                last_login: null
                enabled: {(enabled ? "true" : "false")}
                annotation: ""
                failed_attempts: 0

        """);
}
