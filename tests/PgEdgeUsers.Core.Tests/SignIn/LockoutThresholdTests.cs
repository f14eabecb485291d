using PgEdgeUsers.Core.SignIn;

namespace PgEdgeUsers.Core.Tests.SignIn;

/// <summary>
/// How many failures lock an account: the setting of the environment, otherwise that of the server's configuration,
/// otherwise no limit.
/// </summary>
[Collection(EnvironmentTests.Name)]
public sealed class LockoutThresholdTests : IDisposable
{
    private readonly EnvironmentScope _environment = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pgedge-lockout-");

    public LockoutThresholdTests() => _environment.Set(LockoutThreshold.Variable, null);

    public void Dispose()
    {
        _environment.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Without_a_setting_there_is_no_limit() => Assert.Equal(0, LockoutThreshold.Find().Attempts);

    [Theory]
    [InlineData("2", 2)]
    [InlineData("0", 0)]
    [InlineData("", 0)]
    public void The_environment_sets_the_limit(string setting, int threshold)
    {
        _environment.Set(LockoutThreshold.Variable, setting);

        Assert.Equal(threshold, LockoutThreshold.Find().Attempts);
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("'2'", 0)]
    [InlineData("many", 0)]
    [InlineData("0", 0)]
    public void The_servers_configuration_sets_the_limit(string setting, int threshold)
    {
        Configure(setting);

        Assert.Equal(threshold, LockoutThreshold.Find().Attempts);
    }

    [Fact]
    public void The_environment_takes_precedence_over_the_configuration()
    {
        Configure("3");
        _environment.Set(LockoutThreshold.Variable, "2");

        Assert.Equal(2, LockoutThreshold.Find().Attempts);
    }

    [Theory]
    [InlineData("five")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" ")]
    [InlineData("99999999999")]
    [InlineData("٣")]
    public void A_variable_that_is_not_a_whole_number_is_named(string setting)
    {
        _environment.Set(LockoutThreshold.Variable, setting);

        AssertInvalid(LockoutThreshold.Variable);
    }

    [Fact]
    public void A_configuration_that_the_server_ignores_is_named_in_a_warning()
    {
        var path = Configure("many");

        Assert.Contains($"'{path}'", LockoutThreshold.Find().Warning, StringComparison.Ordinal);
    }

    private static void AssertInvalid(string named)
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => LockoutThreshold.Find());

        Assert.Equal(FailureKind.InvalidConfiguration, failure.Kind);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Puts a server program on the PATH, with a configuration next to it.</summary>
    private string Configure(string setting)
    {
        var folder = _folder.FullName;
        File.WriteAllText(
            Path.Combine(folder, OperatingSystem.IsWindows() ? "pgedge-postgres-mcp.exe" : "pgedge-postgres-mcp"), "");
        var configuration = Path.Combine(folder, "pgedge-postgres-mcp.yaml");
        File.WriteAllText(configuration, $"http:\n  auth:\n    max_failed_attempts_before_lockout: {setting}\n");
        _environment.Set("PATH", folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"));
        return configuration;
    }
}
