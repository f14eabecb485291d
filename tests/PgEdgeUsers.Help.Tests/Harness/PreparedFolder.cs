namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>
/// What the examples are run in: a folder with a user file, which is the one that the environment names, and the other files
/// that examples speak of.
/// </summary>
internal sealed class PreparedFolder : IDisposable
{
    private static readonly string[] Settings =
        ["PGEDGE_AUTH_USER_FILE", "PGEDGE_AUTH_AUDIT_FILE", "PGEDGE_AUTH_PASSWORD_MIN_LENGTH", "PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT"];

    public PreparedFolder()
    {
        Path = Directory.CreateTempSubdirectory("pgedge-help-").FullName;
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "Prepared")))
            Add(file);
        foreach (var setting in Settings)
            Environment.SetEnvironmentVariable(setting, null);
        Environment.SetEnvironmentVariable("PGEDGE_AUTH_USER_FILE", UserFile);
    }

    public string Path { get; }

    public string UserFile => System.IO.Path.Combine(Path, "users.yaml");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PGEDGE_AUTH_USER_FILE", null);
        Directory.Delete(Path, recursive: true);
    }

    private void Add(string file)
    {
        var copy = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file));
        File.Copy(file, copy);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Long ago: a file that was written just now is read twice.
        File.SetLastWriteTimeUtc(copy, new DateTime(2024, 12, 1, 0, 0, 0, DateTimeKind.Utc));
    }
}
