using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The names of the files that belong to another and stand next to it.</summary>
internal static partial class SidecarPath
{
    /// <summary>The file whose lock is the right to change the file.</summary>
    public static string Lock(string file) => file + ".lock";

    /// <summary>The record of what was done.</summary>
    public static string Audit(string file) => file + ".audit.jsonl";

    /// <summary>The sessions of its users.</summary>
    public static string Sessions(string file) => file + ".sessions.json";

    /// <summary>The earlier states of its users.</summary>
    public static string History(string file) => file + ".history.jsonl";

    /// <summary>The fixed names, those of the sidecar files' own locks included.</summary>
    public static IReadOnlyList<string> Of(string file) =>
        [Lock(file), Sessions(file), Audit(file), Lock(Audit(file)), History(file)];

    /// <summary>An older file of a series that is renamed when it is full: 1 is the newest.</summary>
    public static string Numbered(string file, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}.{number}");

    /// <summary>A new name for what will replace the file.</summary>
    public static string Temporary(string file) => Path.Combine(
        Path.GetDirectoryName(file)!,
        TemporaryStart(file) + RandomNumberGenerator.GetHexString(12, lowercase: true) + ".tmp");

    /// <summary>What was left by writers that were killed before they replaced the file.</summary>
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

    /// <summary>A new name for a copy of the file.</summary>
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
