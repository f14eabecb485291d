using System.Collections.Concurrent;

namespace PgEdgeUsers.Stress.Server;

/// <summary>
/// Ten failed sign-ins per address in 15 minutes, as the server limits them unless it is configured otherwise.
/// </summary>
/// <param name="generation">The older one believes the address in the header X-Forwarded-For.</param>
internal sealed class SignInRateLimit(ServerGeneration generation)
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<DateTime>> _failures = new();

    public bool Allows(HttpRequest request, DateTime now) =>
        FailuresOf(request).Count(time => time > now - Window) < MaxAttempts;

    public void Record(HttpRequest request, DateTime now) => FailuresOf(request).Enqueue(now);

    public void Reset(HttpRequest request) => FailuresOf(request).Clear();

    private ConcurrentQueue<DateTime> FailuresOf(HttpRequest request)
    {
        // All other requests come from this machine.
        var claimed = generation == ServerGeneration.December2025
            ? request.Headers.GetValueOrDefault("X-Forwarded-For")
            : null;
        return _failures.GetOrAdd(claimed ?? "", _ => new ConcurrentQueue<DateTime>());
    }
}
