using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The names of the sidecar files of a main file.</summary>
internal static partial class SidecarPath
{
    /// <summary>The lock file.</summary>
    public static string Lock(string file) => file + ".lock";

    /// <summary>The audit file.</summary>
    public static string Audit(string file) => file + ".audit.jsonl";

    /// <summary>The sessions file.</summary>
    public static string Sessions(string file) => file + ".sessions.json";

    /// <summary>The history file.</summary>
    public static string History(string file) => file + ".history.jsonl";

    /// <summary>All fixed names, including the lock files of the sidecar files.</summary>
    public static IReadOnlyList<string> Of(string file) =>
        [Lock(file), Sessions(file), Audit(file), Lock(Audit(file)), History(file)];

    /// <summary>A rotated file; 1 is the newest.</summary>
    public static string Numbered(string file, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}.{number}");

    /// <summary>A unique name for a temporary file that will replace the file.</summary>
    public static string Temporary(string file) => Path.Combine(
        Path.GetDirectoryName(file)!,
        TemporaryStart(file) + RandomNumberGenerator.GetHexString(12, lowercase: true) + ".tmp");

    /// <summary>The temporary files of writers that were killed before they replaced the file.</summary>
    public static IEnumerable<string> Leftovers(string file)
    {
        var start = TemporaryStart(file);
        return Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Where(IsLeftover);

        bool IsLeftover(string path)
        {
            var name = Path.GetFileName(path.AsSpan());
            return name.StartsWith(start, StringComparison.Ordinal) && TemporaryEnd().IsMatch(name[start.Length..]);
        }
    }

    /// <summary>A unique name for a copy of the file.</summary>
    public static string Backup(string file, string folder)
    {
        var time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var id = RandomNumberGenerator.GetHexString(6, lowercase: true);
        return Path.Combine(folder, $"{Path.GetFileName(file)}.{time}.{id}.bak");
    }

    private static string TemporaryStart(string file) => $".{Path.GetFileName(file)}.";

    [GeneratedRegex(@"\A[0-9a-f]{12}\.tmp\z")]
    private static partial Regex TemporaryEnd();
}
