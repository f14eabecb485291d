using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Sessions.Tests.Support;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>How many failures lock an account: the parameter, else the environment, else the server's configuration, else no number.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class LockoutThresholdTests : ShellTest, IAsyncLifetime
{
    private const string Variable = "PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT";

    private readonly EnvironmentScope _environment = new();

    public LockoutThresholdTests()
    {
        Define("wrong", Secret.Of("not the right password"));
        _environment.Set(Variable, null);
    }

    [Fact]
    public void Nothing_is_locked_when_nothing_says_so()
    {
        Assert.Equal(0, LockoutThreshold.Find());
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("0", 0)]
    [InlineData("", 0)]
    public void The_environment_says_how_many(string setting, int threshold)
    {
        _environment.Set(Variable, setting);

        Assert.Equal(threshold, LockoutThreshold.Find());
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("'2'", 2)]
    [InlineData("0", 0)]
    public void The_servers_configuration_says_how_many(string setting, int threshold)
    {
        Configure(setting);

        Assert.Equal(threshold, LockoutThreshold.Find());
    }

    [Fact]
    public void The_parameter_goes_before_the_environment_and_that_before_the_configuration()
    {
        Configure("3");
        Run("New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore");
        Assert.Equal("true", Store.Field("alice", "enabled"));

        _environment.Set(Variable, "2");
        Run("New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore");
        Assert.Equal("false", Store.Field("alice", "enabled"));

        Run("New-PgEdgeSession -Username bob -Password $wrong -MaxFailedAttempts 1 -Path $file -ErrorAction Ignore");
        Assert.Equal("false", Store.Field("bob", "enabled"));
    }

    [Theory]
    [InlineData("five")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" ")]
    [InlineData("99999999999")]
    [InlineData("٣")]
    public void A_setting_that_is_no_number_stops_sign_in_before_anything_is_done(string setting)
    {
        _environment.Set(Variable, setting);

        var error = Run("New-PgEdgeSession -Username alice -Password $wrong -Path $file").Error;

        Assert.Equal(("InvalidConfiguration,PgEdgeUsers.Commands.NewPgEdgeSessionCommand", ErrorCategory.InvalidArgument), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.Contains(Variable, error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_configuration_that_is_no_number_is_named_with_its_file()
    {
        var path = Configure("many");

        var error = Run("New-PgEdgeSession -Username alice -Password $wrong -Path $file").Error;

        Assert.StartsWith("InvalidConfiguration,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(path, error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
        Assert.StartsWith("AuthenticationFailed,", Run("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 5 -Path $file").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync()
    {
        _environment.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Puts a server's program on the PATH, with its configuration beside it.</summary>
    private string Configure(string setting)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Store.Folder, "server")).FullName;
        File.WriteAllText(Path.Combine(folder, OperatingSystem.IsWindows() ? "pgedge-postgres-mcp.exe" : "pgedge-postgres-mcp"), "");
        var configuration = Path.Combine(folder, "pgedge-postgres-mcp.yaml");
        File.WriteAllText(configuration, $"http:\n  auth:\n    max_failed_attempts_before_lockout: {setting}\n");
        _environment.Set("PATH", folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"));
        return configuration;
    }
}
