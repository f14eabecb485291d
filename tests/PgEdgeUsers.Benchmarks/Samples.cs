using System.Diagnostics;

namespace PgEdgeUsers.Benchmarks;

/// <summary>Measures several cases in turns, so that other load on the machine affects all of them.</summary>
internal sealed class Samples
{
    private readonly List<(string Name, Action Action, List<double> Times)> _cases = [];

    public IEnumerable<string> Names => _cases.Select(c => c.Name);

    public void Add(string name, Action action) => _cases.Add((name, action, []));

    /// <summary>
    /// Runs all cases once to warm up, then in the given number of rounds, each in a different order.
    /// </summary>
    public void Measure(int rounds)
    {
        foreach (var (_, action, _) in _cases)
            action();
        for (var round = 0; round < rounds; round++)
        {
            var order = _cases.ToArray();
            Random.Shared.Shuffle(order);
            foreach (var (_, action, times) in order)
            {
                var watch = Stopwatch.StartNew();
                action();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
        }
    }

    public double Median(string name)
    {
        var times = _cases.Single(c => c.Name == name).Times.Order().ToArray();
        return times[times.Length / 2];
    }
}
