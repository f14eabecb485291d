namespace PgEdgeUsers.Core.Tests;

/// <summary>Tests that change the environment of this process. No other tests run at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class EnvironmentTests
{
    public const string Name = "environment";
}

/// <summary>Changes the environment until it is disposed of.</summary>
internal sealed class EnvironmentScope : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    public void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }
}
