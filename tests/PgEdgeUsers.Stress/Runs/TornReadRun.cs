using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress.Roles;

namespace PgEdgeUsers.Stress.Runs;

/// <summary>
/// Reads a file that is constantly rewritten in place. A read returns all users of one state, or fails.
/// </summary>
internal static class TornReadRun
{
    private const int Readers = 3;

    /// <param name="folder">An empty folder.</param>
    /// <param name="reads">The minimum number of reads.</param>
    /// <param name="shape">How the file is rewritten.</param>
    /// <param name="users">How many users it has.</param>
    /// <param name="rewrites">The minimum number of rewrites.</param>
    public static RunReport Run(string folder, int reads, RewriteShape shape, int users = 100, int rewrites = 2)
    {
        var path = Path.Combine(folder, "users.yaml");
        using var writer = Child.Start("rewrite", path, users.ToString(CultureInfo.InvariantCulture), shape.ToString());
        writer.Expect();
        var total = Stopwatch.StartNew();
        var outcomes = new ConcurrentBag<string>();
        var latest = 0;
        var threads = Enumerable.Range(0, Readers).Select(_ => new Thread(() =>
        {
            while (outcomes.Count < reads || (Volatile.Read(ref latest) < rewrites && total.Elapsed < Child.HangGuard))
                outcomes.Add(Read(path, users, ref latest));
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        var (plain, plainTorn) = ReadPlainly(path, users, () => threads.Any(thread => thread.IsAlive));
        var time = total.Elapsed;
        writer.Kill();
        var torn = outcomes.Count(o => o == "torn");
        var refused = outcomes.Count(o => o != "torn" && o != "whole");
        return new RunReport(
            torn == 0 && refused == 0 && latest >= rewrites,
            $"{outcomes.Count} reads of {users} users in {time.TotalSeconds:F0} s, {latest} rewrites ({shape}): "
                + $"{torn} torn, {refused} refused; {plainTorn} of {plain} plain reads were torn");
    }

    /// <summary>For comparison: how often a plain read returns a part of the file.</summary>
    private static (int All, int Torn) ReadPlainly(string path, int users, Func<bool> goesOn)
    {
        int all = 0, torn = 0;
        for (; goesOn(); all++)
        {
            torn += SharedFile.ReadText(path).Split("failed_attempts: 0\n").Length == users + 1 ? 0 : 1;
            Thread.Sleep(1);
        }

        return (all, torn);
    }

    private static string Read(string path, int users, ref int latest)
    {
        try
        {
            if (Rewriting.GenerationOf(new UserFile(path).Read(), users) is not { } generation)
                return "torn";
            Volatile.Write(ref latest, generation);
            return "whole";
        }
        catch (PgEdgeUsersException e)
        {
            return e.Kind.ToString();
        }
    }
}
