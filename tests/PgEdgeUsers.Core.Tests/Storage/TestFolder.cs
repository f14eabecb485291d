using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>A folder for one test, which is deleted after it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgedge-users-");

    /// <summary>The real path, because the temporary folder may itself be a symbolic link.</summary>
    public string Path => OperatingSystem.IsWindows() ? _folder.FullName : Posix.RealPath(_folder.FullName)!;

    /// <summary>The user file's path.</summary>
    public string File => this["users.yaml"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The names of all files except the lock file, which stays on purpose.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFileSystemEntries(Path)
        .Select(p => System.IO.Path.GetFileName(p)!).Where(n => !n.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>Writes a user file that has been at rest for a while.</summary>
    /// <returns>Its path.</returns>
    public string WriteUsers(int users = 3, string name = "users.yaml") => Write(Sample.Text(users), name);

    /// <inheritdoc cref="WriteUsers"/>
    public string Write(string text, string name = "users.yaml")
    {
        System.IO.File.WriteAllText(this[name], text);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(this[name], FileStatus.OwnerOnly);
        System.IO.File.SetLastWriteTimeUtc(this[name], DateTime.UtcNow.AddMinutes(-1));
        return this[name];
    }

    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
