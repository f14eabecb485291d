using System.Text.RegularExpressions;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>A user file in a folder of its own: the seed's three users, with cheap hashes, and a comment to keep.</summary>
internal sealed class SampleFile : IDisposable
{
    public const string AlicePassword = "correct horse battery";
    public const string BobPassword = "tides under seven lanterns";
    public const string CharliePassword = "plum violin orbit ladder";

    private const string Users = """
        # Kept by hand.
        users:
            alice:
                username: alice
                password_hash: $2a$04$h6555X4AfLy4005/YPacsevnNJs4qGNB9rrVw/o2xwriJdXl1Vst2
                created_at: 2024-10-30T10:15:00.123456789Z
                last_login: 2024-11-14T09:30:00Z
                enabled: true
                annotation: Developer
                failed_attempts: 0
            bob:
                username: bob
                password_hash: $2a$04$M4el7oUlG8.AzRpUiwSnguiLjKeO99MII7fL9gBEQuHZrfhS0Yr26
                created_at: 2024-10-15T14:20:00Z
                last_login: null
                enabled: true
                annotation: Admin # of the night shift
                failed_attempts: 0
            charlie:
                username: charlie
                password_hash: $2a$04$FK4r48LbgF7OCmh5EZYKNu2xrn9VwGVHV.XBKbpMFBgRoIa6Sumd.
                created_at: 2024-09-01T08:00:00Z
                last_login: 2024-10-10T16:45:00Z
                enabled: false
                annotation: Former emp
                failed_attempts: 3

        """;

    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private byte[] _kept = [];

    public SampleFile()
    {
        Folder = Directory.CreateTempSubdirectory("pgedge-users-").FullName;
        Path = System.IO.Path.Combine(Folder, "users.yaml");
        Write(Users.ReplaceLineEndings("\n"));
    }

    public string Folder { get; }

    public string Path { get; }

    public string Text => File.ReadAllText(Path);

    /// <summary>The names of the users, in the order of the file.</summary>
    public IReadOnlyList<string> Names => [.. Regex.Matches(Text, "^    ([^ ]+):$", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];

    /// <summary>Whether the file has not been written, replaced or changed since it was written by a test.</summary>
    public bool IsUntouched => File.GetLastWriteTimeUtc(Path) == LongAgo && File.ReadAllBytes(Path).AsSpan().SequenceEqual(_kept);

    /// <summary>Which writing of the file this is: another after each.</summary>
    public static long Version(string path) => File.GetLastWriteTimeUtc(path).Ticks;

    public void Write(string text) => Write(System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(byte[] bytes)
    {
        File.WriteAllBytes(Path, _kept = bytes);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetLastWriteTimeUtc(Path, LongAgo);
    }

    /// <summary>Calls the present state the one that is untouched.</summary>
    public void Keep() => Write(File.ReadAllBytes(Path));

    /// <summary>The text of one field of one user, as it is in the file.</summary>
    public string Field(string user, string key)
    {
        var entry = Regex.Match(Text, $"^    {Regex.Escape(user)}:\n((?:        .*\n)+)", RegexOptions.Multiline);
        return Regex.Match(entry.Value, $"^        {key}: (.*)$", RegexOptions.Multiline).Groups[1].Value;
    }

    /// <summary>The text as it was, with one piece of it replaced: what an edit that loses nothing leaves.</summary>
    public string With(string old, string replacement)
    {
        var was = System.Text.Encoding.UTF8.GetString(_kept);
        Assert.Single(Regex.Matches(was, Regex.Escape(old)));
        return was.Replace(old, replacement, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
