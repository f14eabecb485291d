using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests;

/// <summary>Which user file is used: in real folders that stand for the system's, the program's and the user's.</summary>
public sealed class LocationTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pgedge-location-").FullName;
    private readonly Dictionary<string, string?> _environment = [];

    private string System => Path.Combine(_root, "etc", "pgedge");

    private string Programs => Path.Combine(_root, "opt", "bin");

    private string User => Path.Combine(_root, "home", ".config");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_environment_comes_first()
    {
        Write(System, "pgedge-postgres-mcp.yaml", "http: {auth: {user_file: /elsewhere}}");
        Write(System, "pgedge-postgres-mcp-users.yaml");
        _environment[UserFileLocator.Variable] = Path.Combine(_root, "named", "..", "users.yaml");

        var location = Find();

        Assert.Equal(Path.Combine(_root, "users.yaml"), location.Path);
        Assert.Contains(UserFileLocator.Variable, location.Reason, StringComparison.Ordinal);
        Assert.False(location.MakesFolder);
    }

    [Fact]
    public void An_empty_variable_says_nothing()
    {
        _environment[UserFileLocator.Variable] = "";
        Write(System, "pgedge-postgres-mcp-users.yaml");

        Assert.Equal(Path.Combine(System, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp.yaml")]
    [InlineData("postgres-mcp.yaml")]
    public void The_servers_configuration_comes_before_files_that_exist(string configuration)
    {
        Write(System, "pgedge-postgres-mcp-users.yaml");
        Write(System, configuration, $"http:\n  auth:\n    user_file: {_root}/named.yaml\n");

        var location = Find();

        Assert.Equal(Path.Combine(_root, "named.yaml"), location.Path);
        Assert.Equal($"{_root}/named.yaml", location.Setting);
        Assert.Contains(configuration, location.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_systems_configuration_comes_before_the_one_beside_the_program()
    {
        WriteProgram("pgedge-postgres-mcp");
        Write(Programs, "postgres-mcp.yaml", "http: {auth: {user_file: /beside.yaml}}");
        Assert.Equal("/beside.yaml", Find().Setting);

        Write(System, "postgres-mcp.yaml", "http: {auth: {user_file: /system.yaml}}");
        Assert.Equal("/system.yaml", Find().Setting);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp/pgedge-postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp/postgres-mcp-users.yaml")]
    public void A_system_file_is_used_when_it_exists_under_any_of_its_names(string name)
    {
        WriteProgram("pgedge-pg-mcp-svr");
        Write(System, name);

        Assert.Equal(Path.Combine(System, name), Find().Path);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp")]
    [InlineData("pgedge-pg-mcp-svr")]
    public void Else_the_file_is_beside_the_servers_program(string program)
    {
        WriteProgram(program);
        Assert.Equal(Path.Combine(Programs, "pgedge-postgres-mcp-users.yaml"), Find().Path);

        Write(Programs, "postgres-mcp-users.yaml");
        Assert.Equal(Path.Combine(Programs, "postgres-mcp-users.yaml"), Find().Path);

        Write(Programs, "pgedge-postgres-mcp-users.yaml");
        Assert.Equal(Path.Combine(Programs, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Fact]
    public void The_program_is_where_its_link_leads()
    {
        if (OperatingSystem.IsWindows())
            return;
        var real = Path.Combine(_root, "opt", "pgedge");
        Write(real, "pgedge-postgres-mcp", "#!/bin/sh");
        Directory.CreateDirectory(Programs);
        File.CreateSymbolicLink(Path.Combine(Programs, "pgedge-postgres-mcp"), Path.Combine("..", "pgedge", "pgedge-postgres-mcp"));
        _environment["PATH"] = Programs;

        Assert.Equal(Path.Combine(real, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Fact]
    public void Folders_of_the_path_that_are_relative_or_missing_are_passed_over()
    {
        WriteProgram("pgedge-postgres-mcp");
        _environment["PATH"] = string.Join(Path.PathSeparator, ".", "", "bin", Path.Combine(_root, "missing"), Programs, "\"");

        Assert.Equal(Programs, Path.GetDirectoryName(Find().Path));
    }

    [Fact]
    public void Without_a_server_it_is_the_users_own_file_whose_folder_is_made()
    {
        var location = Find();

        Assert.Equal(Path.Combine(User, "pgedge", "pgedge-postgres-mcp-users.yaml"), location.Path);
        Assert.True(location.MakesFolder);
    }

    [Fact]
    public void An_account_without_a_home_has_no_file_in_a_folder_that_all_can_write_to()
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFileLocator(System, _environment.GetValueOrDefault, "").Find());

        Assert.Equal(FailureKind.UserFileNotFound, failure.Kind);
        Assert.Contains("-Path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_locator_of_this_machine_finds_something()
    {
        Assert.True(Path.IsPathFullyQualified(new UserFileLocator().Find().Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("http:\n")]
    [InlineData("http: {auth: null}")]
    [InlineData("http: {auth: {user_file: null}}")]
    [InlineData("http: {auth: {user_file: ~}}")]
    [InlineData("http: {auth: {user_file: ''}}")]
    [InlineData("http: {auth: {user_file: [a]}}")]
    [InlineData("http: {auth: {user_file: \"a\\0b\"}}")]
    [InlineData("http: {auth: [user_file]}")]
    [InlineData("auth: {user_file: /x}")]
    [InlineData("http: {user_file: /x}")]
    [InlineData("other: {http: {auth: {user_file: /x}}}")]
    [InlineData("- http: {auth: {user_file: /x}}")]
    [InlineData("? [http]\n: {auth: {user_file: /x}}")]
    [InlineData("http: text")]
    public void A_configuration_that_names_no_user_file_says_nothing(string yaml)
    {
        Assert.Null(ServerConfiguration.Load(Write(System, "postgres-mcp.yaml", yaml))!.UserFile);
        Assert.True(Find().MakesFolder);
    }

    [Theory]
    [InlineData("http: [")]
    [InlineData("http: {auth: {user_file: /x}}\nhttp: &")]
    [InlineData("http:\n  auth:\n    user_file: /x\n bad")]
    public void A_configuration_that_is_broken_is_none(string yaml)
    {
        Assert.Null(ServerConfiguration.Load(Write(System, "postgres-mcp.yaml", yaml)));
    }

    [Theory]
    [InlineData("http: {auth: {user_file: users.yaml}}", "users.yaml")]
    [InlineData("http:\n  port: 1\n  auth:\n    other: {user_file: no}\n    ? [x]\n    : y\n    user_file: \"../users.yaml\" # here\nrest: [1]", "../users.yaml")]
    public void A_relative_user_file_is_beside_the_configuration(string yaml, string setting)
    {
        var configuration = ServerConfiguration.Load(Write(System, "postgres-mcp.yaml", yaml))!;

        Assert.Equal(setting, configuration.UserFileSetting);
        Assert.Equal(Path.GetFullPath(setting, System), configuration.UserFile);
    }

    [Fact]
    public void The_lockout_threshold_is_beside_it()
    {
        Assert.Equal("5", ServerConfiguration.Load(Write(System, "a.yaml", "http: {auth: {max_failed_attempts_before_lockout: 5}}"))!.MaxFailedAttempts);
        Assert.Null(ServerConfiguration.Load(Write(System, "b.yaml", "http: {auth: {}}"))!.MaxFailedAttempts);
    }

    [Theory]
    [InlineData("f: &f /x.yaml\nhttp:\n  auth:\n    user_file: *f\n")]
    [InlineData("n: &n 3\nhttp: {auth: {max_failed_attempts_before_lockout: *n}}\n")]
    [InlineData("a: &a {user_file: /x.yaml}\nhttp:\n  auth: *a\n")]
    [InlineData("a: &a {user_file: /x.yaml}\nhttp:\n  auth:\n    <<: *a\n")]
    [InlineData("h: &h {auth: {user_file: /x.yaml}}\nhttp: *h\n")]
    [InlineData("h: &h {http: {auth: {user_file: /x.yaml}}}\n<<: *h\n")]
    public void A_configuration_that_refers_to_what_counts_is_not_guessed_at(string yaml)
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => ServerConfiguration.Load(Write(System, "postgres-mcp.yaml", yaml)));

        Assert.Equal(FailureKind.InvalidConfiguration, failure.Kind);
        Assert.Contains("postgres-mcp.yaml", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void References_elsewhere_in_a_configuration_do_not_matter()
    {
        var yaml = "db: &d {host: x}\nother: *d\nhttp:\n  tls: *d\n  auth:\n    extra: *d\n    user_file: /x.yaml\n";

        Assert.Equal("/x.yaml", ServerConfiguration.Load(Write(System, "postgres-mcp.yaml", yaml))!.UserFile);
    }

    [Fact]
    public void A_configuration_that_is_not_there_is_none()
    {
        Assert.Null(ServerConfiguration.Load(Path.Combine(System, "missing.yaml")));
        Directory.CreateDirectory(Path.Combine(System, "folder.yaml"));
        Assert.Null(ServerConfiguration.Load(Path.Combine(System, "folder.yaml")));
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_not_passed_over()
    {
        var path = Write(System, "postgres-mcp.yaml", "http: {auth: {user_file: /x.yaml}}");
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            RequireRefused();
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        File.SetUnixFileMode(path, UnixFileMode.None);
        RequireRefused();

        void RequireRefused()
        {
            var failure = Assert.Throws<PgEdgeUsersException>(Find);
            Assert.Equal(FailureKind.InvalidConfiguration, failure.Kind);
            Assert.Contains($"'{path}' may name the user file but cannot be read: ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_configuration_nested_a_million_levels_deep_is_read_or_refused_and_that_promptly()
    {
        foreach (var deep in new[] { new string('[', 1_000_000), new string('[', 100_000) + new string(']', 100_000), string.Concat(Enumerable.Repeat("- ", 100_000)) })
        {
            var path = Write(System, "deep.yaml", "http: {auth: {user_file: /x}}\nrest: " + deep + "\n");

            Assert.Contains(Store.Promptly(() => ServerConfiguration.Load(path))?.UserFile, new[] { null, "/x" });
        }
    }

    private UserFileLocation Find() => new UserFileLocator(System, _environment.GetValueOrDefault, User).Find();

    private void WriteProgram(string name)
    {
        Write(Programs, OperatingSystem.IsWindows() ? name + ".exe" : name, "program");
        _environment["PATH"] = Programs;
    }

    private static string Write(string folder, string name, string text = "users: {}\n")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
