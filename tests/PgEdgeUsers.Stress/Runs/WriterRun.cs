using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Runs;

/// <summary>
/// Many processes add users to one file at the same time. The file contains exactly the acknowledged additions.
/// </summary>
internal static class WriterRun
{
    public static RunReport Run(string folder, int processes, int each)
    {
        var path = Path.Combine(folder, "users.yaml");
        var total = Stopwatch.StartNew();
        var children = Enumerable.Range(1, processes)
            .Select(p => Child.Start("add", path, string.Create(CultureInfo.InvariantCulture, $"p{p:D2}n"),
                each.ToString(CultureInfo.InvariantCulture)))
            .ToArray();
        var acknowledged = children.SelectMany(child => child.ReadToEnd()).Order(StringComparer.Ordinal).ToArray();
        foreach (var child in children)
            child.Dispose();
        var time = total.Elapsed;
        var users = new UserFile(path).Read().Users.Select(u => u.Name).Order(StringComparer.Ordinal).ToArray();
        var figures =
            $"{processes} processes × {each} additions in {time.TotalSeconds:F1} s: "
            + $"{acknowledged.Length} acknowledged, {users.Length} users";
        return users.Length == processes * each && users.SequenceEqual(acknowledged)
            ? new RunReport(true, figures)
            : new RunReport(false, figures + "; " + string.Join("; ", acknowledged.Except(users).Take(3)));
    }
}
