using System.Globalization;
using System.Management.Automation;
using System.Net;
using YamlDotNet.Core;

namespace PgEdgeUsers.Benchmarks;

/// <summary>
/// How long the tasks of an administrator take at several sizes: in milliseconds, and as a ratio to a bare pass of the
/// YAML parser over the same file or to the bcrypt hashing that cannot be avoided.
/// </summary>
internal static class CmdletTimes
{
    private const string Bare = "bare parser";
    private const string Hash = "bare bcrypt";
    private const int Added = 100;

    public static int Run(int[] sizes)
    {
        using var engine = new Engine();
        foreach (var size in sizes)
            Measure(engine, size);
        return 0;
    }

    private static void Measure(Engine engine, int users)
    {
        using var store = new SampleStore(users);
        var text = File.ReadAllText(store.Path);
        var path = ("Path", (object?)store.Path);
        var names = Enumerable.Range(SampleStore.Special, Math.Min(1000, users - SampleStore.Special))
            .Select(SampleStore.Name).ToArray();
        var round = 0;

        var samples = new Samples();
        samples.Add(Bare, () => Pass(text));
        samples.Add("list", () => Expect(engine.Run("Get-PgEdgeUser", path), users));
        samples.Add("get one", () => Expect(engine.Run("Get-PgEdgeUser", ("Username", names[0]), path), 1));
        samples.Add("edit one", () => Expect(engine.Run(
            "Set-PgEdgeUser", ("Username", names[0]), ("Annotation", $"note {round++}"), ("NoAudit", true), path), 0));
        samples.Add(string.Create(CultureInfo.InvariantCulture, $"edit {names.Length}"), () =>
            Expect(engine.Run(
                "Set-PgEdgeUser", ("Username", names), ("Annotation", $"note {round++}"), ("NoAudit", true), path), 0));
        samples.Measure(rounds: 7);
        var hashing = Hashing(engine, store);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{users} users, {new FileInfo(store.Path).Length / 1e6:0.0} MB"));
        foreach (var name in samples.Names)
            Report(samples, name, samples.Median(Bare), Bare);
        Report(hashing, "sign in", hashing.Median(Hash), Hash);
        Report(hashing, "add 100", hashing.Median(Hash) * Added / Environment.ProcessorCount,
            $"100 {Hash} on all cores");
    }

    /// <summary>The cases that consist mostly of bcrypt, which takes the same time at every size.</summary>
    private static Samples Hashing(Engine engine, SampleStore store)
    {
        var password = new NetworkCredential("", SampleStore.Password).SecurePassword;
        var names = Enumerable.Range(0, Added).Select(i => string.Create(CultureInfo.InvariantCulture, $"new{i}"))
            .ToArray();
        var grown = store.Path + ".grown";
        var samples = new Samples();
        samples.Add(Hash, () => BCrypt.Net.BCrypt.Verify(SampleStore.Password, store.Hash));
        samples.Add("sign in", () => Expect(
            engine.Run("New-PgEdgeSession", ("Username", "alice"), ("Password", password), ("Path", store.Path)), 1));
        samples.Add("add 100", () =>
        {
            File.Copy(store.Path, grown, overwrite: true);
            using var shell = engine.Shell();
            shell.AddCommand("New-PgEdgeUser").AddParameter("Password", password).AddParameter("Path", grown);
            Expect(([.. shell.Invoke(names)], [.. shell.Streams.Error]), Added);
        });
        samples.Measure(rounds: 3);
        return samples;
    }

    private static void Report(Samples samples, string name, double yardstick, string called) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture,
            $"  {name,-12} {samples.Median(name),9:0.0} ms   {samples.Median(name) / yardstick,6:0.00} x {called}"));

    private static void Pass(string text)
    {
        for (var parser = new Parser(new StringReader(text)); parser.MoveNext();)
        {
        }
    }

    private static void Expect((PSObject[] Output, ErrorRecord[] Errors) result, int count)
    {
        if (result.Errors.Length > 0 || result.Output.Length != count)
        {
            throw new InvalidOperationException(result.Errors.FirstOrDefault()?.ToString()
                ?? $"{result.Output.Length} objects came out.");
        }
    }
}
