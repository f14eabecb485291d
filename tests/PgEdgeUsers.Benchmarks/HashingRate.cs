using System.Globalization;
using System.Net;

namespace PgEdgeUsers.Benchmarks;

/// <summary>How fast many users are added, compared with hashing the same passwords one after the other.</summary>
internal static class HashingRate
{
    private const int Users = 16;

    public static int Run(int rounds)
    {
        using var engine = new Engine();
        var password = new NetworkCredential("", SampleStore.Password).SecurePassword;
        var names = Enumerable.Range(0, Users).Select(i => string.Create(CultureInfo.InvariantCulture, $"new{i}"))
            .ToArray();
        var samples = new Samples();
        samples.Add("one core", () =>
        {
            for (var i = 0; i < Users; i++)
                BCrypt.Net.BCrypt.HashPassword(SampleStore.Password, BCrypt.Net.BCrypt.GenerateSalt(12, 'a'));
        });
        using var store = new SampleStore(users: 10);
        var file = 0;
        samples.Add("New-PgEdgeUser", () =>
        {
            using var shell = engine.Shell();
            shell.AddCommand("New-PgEdgeUser").AddParameter("Password", password)
                .AddParameter("Path", $"{store.Path}.{file++}");
            if (shell.Invoke(names).Count != Users)
                throw new InvalidOperationException(shell.Streams.Error.FirstOrDefault()?.ToString());
        });
        samples.Measure(rounds);
        var (added, hashed) = (samples.Median("New-PgEdgeUser"), samples.Median("one core"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Users} users on {Environment.ProcessorCount} cores: {added:0} ms; hashed on one core {hashed:0} ms: "
                + $"{hashed / added:0.00} x its rate"));
        return 0;
    }
}
