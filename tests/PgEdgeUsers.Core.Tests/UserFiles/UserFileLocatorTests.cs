using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Which user file is used, with folders of the test instead of the system's, the program's and the user's.
/// </summary>
public sealed class UserFileLocatorTests : IDisposable
{
    private readonly TestFolder _root = new();
    private string? _setting;
    private string _searchPath = "";
    private string? _systemFolder;

    public UserFileLocatorTests() => _systemFolder = Path.Combine(_root.Path, "etc", "pgedge");

    private string SystemFolder => Path.Combine(_root.Path, "etc", "pgedge");

    private string ProgramFolder => Path.Combine(_root.Path, "opt", "bin");

    private string SettingsFolder => Path.Combine(_root.Path, "home", ".config");

    private string OwnFile => Path.Combine(SettingsFolder, "pgedge", "pgedge-postgres-mcp-users.yaml");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_environment_comes_first()
    {
        Write(SystemFolder, "pgedge-postgres-mcp.yaml", "http: {auth: {user_file: /elsewhere}}");
        Write(SystemFolder, "pgedge-postgres-mcp-users.yaml");
        _setting = Path.Combine(_root.Path, "named", "..", "users.yaml");

        var location = Find();

        Assert.Equal(_root.File, location.Path);
        Assert.Contains(UserFileLocator.Variable, location.Reason, StringComparison.Ordinal);
        Assert.False(location.MakesFolder);
    }

    [Theory]
    [InlineData("users.yaml", "users.yaml")]
    [InlineData("./users.yaml", "users.yaml")]
    [InlineData("sub/users.yaml", "sub/users.yaml")]
    [InlineData("../users.yaml", "../users.yaml")]
    public void A_relative_path_in_the_environment_is_relative_to_the_current_folder(string setting, string expected)
    {
        _setting = setting;

        Assert.Equal(Path.GetFullPath(Path.Combine(ProgramFolder, expected)), Find().Path);
    }

    [Fact]
    public void An_empty_variable_names_no_file()
    {
        _setting = "";
        Write(SystemFolder, "pgedge-postgres-mcp-users.yaml");

        Assert.Equal(Path.Combine(SystemFolder, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp.yaml")]
    [InlineData("postgres-mcp.yaml")]
    public void The_servers_configuration_comes_before_files_that_exist(string configuration)
    {
        Write(SystemFolder, "pgedge-postgres-mcp-users.yaml");
        Write(SystemFolder, configuration, $"http:\n  auth:\n    user_file: {_root.Path}/named.yaml\n");

        var location = Find();

        Assert.Equal(_root["named.yaml"], location.Path);
        Assert.Equal($"{_root.Path}/named.yaml", location.Setting);
        Assert.Contains(configuration, location.Reason, StringComparison.Ordinal);
        Assert.Empty(location.Warnings);
    }

    [Fact]
    public void The_systems_configuration_comes_before_the_one_next_to_the_program()
    {
        WriteProgram("pgedge-postgres-mcp");
        Write(ProgramFolder, "postgres-mcp.yaml", "http: {auth: {user_file: /beside.yaml}}");
        Assert.Equal("/beside.yaml", Find().Setting);

        Write(SystemFolder, "postgres-mcp.yaml", "http: {auth: {user_file: /system.yaml}}");
        Assert.Equal("/system.yaml", Find().Setting);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp/pgedge-postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp/postgres-mcp-users.yaml")]
    public void A_system_file_of_any_generation_is_used_when_it_exists(string name)
    {
        WriteProgram("pgedge-pg-mcp-svr");
        Write(SystemFolder, name);

        Assert.Equal(Path.Combine(SystemFolder, name), Find().Path);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp.yaml", "pgedge-postgres-mcp-users.yaml")]
    [InlineData("postgres-mcp.yaml", "postgres-mcp-users.yaml")]
    public void If_both_generations_have_a_file_the_one_of_the_configurations_generation_is_used(
        string configuration, string expected)
    {
        WriteProgram("pgedge-postgres-mcp");
        foreach (var folder in new[] { SystemFolder, ProgramFolder })
        {
            Write(folder, "pgedge-postgres-mcp-users.yaml");
            Write(folder, "postgres-mcp-users.yaml");
        }

        Write(SystemFolder, configuration, "http: {enabled: true}");
        Assert.Equal(Path.Combine(SystemFolder, expected), Find().Path);

        _systemFolder = null;
        Write(ProgramFolder, configuration, "http: {enabled: true}");
        Assert.Equal(Path.Combine(ProgramFolder, expected), Find().Path);
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp")]
    [InlineData("pgedge-pg-mcp-svr")]
    public void Without_a_setting_the_file_is_next_to_the_servers_program(string program)
    {
        WriteProgram(program);
        Assert.Equal(Path.Combine(ProgramFolder, "pgedge-postgres-mcp-users.yaml"), Find().Path);

        Write(ProgramFolder, "postgres-mcp-users.yaml");
        Assert.Equal(Path.Combine(ProgramFolder, "postgres-mcp-users.yaml"), Find().Path);

        Write(ProgramFolder, "pgedge-postgres-mcp-users.yaml");
        Assert.Equal(Path.Combine(ProgramFolder, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Fact]
    public void The_program_is_the_target_of_its_link()
    {
        if (OperatingSystem.IsWindows())
            return;
        var real = Path.Combine(_root.Path, "opt", "pgedge");
        Write(real, "pgedge-postgres-mcp", "#!/bin/sh");
        Directory.CreateDirectory(ProgramFolder);
        File.CreateSymbolicLink(
            Path.Combine(ProgramFolder, "pgedge-postgres-mcp"), Path.Combine("..", "pgedge", "pgedge-postgres-mcp"));
        _searchPath = ProgramFolder;

        Assert.Equal(Path.Combine(real, "pgedge-postgres-mcp-users.yaml"), Find().Path);
    }

    [Fact]
    public void Relative_and_missing_folders_of_the_search_path_are_skipped()
    {
        WriteProgram("pgedge-postgres-mcp");
        _searchPath = string.Join(Path.PathSeparator, ".", "", "bin", _root["missing"], ProgramFolder, "\"");

        Assert.Equal(ProgramFolder, Path.GetDirectoryName(Find().Path));
    }

    [Fact]
    public void Without_a_system_folder_nothing_is_searched_there()
    {
        Write(SystemFolder, "postgres-mcp.yaml", "http: {auth: {user_file: /planted.yaml}}");
        Write(SystemFolder, "postgres-mcp-users.yaml");
        _systemFolder = null;

        Assert.Equal(OwnFile, Find().Path);
    }

    [Fact]
    public void Windows_has_no_system_folder()
    {
        Assert.Equal(OperatingSystem.IsWindows() ? null : "/etc/pgedge", ServerInstallation.SystemFolder);
    }

    [Fact]
    public void Without_a_server_it_is_the_users_own_file_whose_folder_is_created()
    {
        var location = Find();

        Assert.Equal(OwnFile, location.Path);
        Assert.True(location.MakesFolder);
        Assert.Empty(location.Warnings);
    }

    [Fact]
    public void An_account_without_a_home_has_no_file_in_a_folder_that_all_can_write_to()
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => Locator(settingsFolder: "").Find());

        Assert.Equal(FailureKind.UserFileNotFound, failure.Kind);
        Assert.Contains(UserFileLocator.Variable, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_locator_of_this_machine_finds_an_absolute_path()
    {
        Assert.True(Path.IsPathFullyQualified(new UserFileLocator(_root.Path).Find().Path));
    }

    [Theory]
    [InlineData("http: {auth: {user_file: /custom.yaml}}\nbuiltins: {}\nbuiltins: {}\n")]
    [InlineData("http: {auth: {user_file: /custom.yaml, rate_limit_max_attempts: '3'}}\n")]
    public void A_configuration_that_the_server_ignores_has_its_effect_and_a_warning(string yaml)
    {
        WriteProgram("pgedge-postgres-mcp");
        Write(SystemFolder, "pgedge-postgres-mcp.yaml", yaml);
        // The server reads only one configuration.
        Write(ProgramFolder, "pgedge-postgres-mcp.yaml", "http: {auth: {user_file: /beside.yaml}}");

        var location = Find();

        Assert.Equal(Path.Combine(ProgramFolder, "pgedge-postgres-mcp-users.yaml"), location.Path);
        Assert.Null(location.Setting);
        var warning = Assert.Single(location.Warnings);
        Assert.Contains(
            $"'{Path.Combine(SystemFolder, "pgedge-postgres-mcp.yaml")}'", warning, StringComparison.Ordinal);
        Assert.Contains($"'{location.Path}'", warning, StringComparison.Ordinal);
        Assert.Matches("line [0-9]: ", warning);
    }

    [Fact]
    public void A_relative_path_in_the_configuration_is_taken_from_its_folder_with_a_warning()
    {
        Write(SystemFolder, "postgres-mcp.yaml", "http: {auth: {user_file: users.yaml}}");

        var location = Find();

        Assert.Equal(Path.Combine(SystemFolder, "users.yaml"), location.Path);
        Assert.Contains("the relative path 'users.yaml'", Assert.Single(location.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_appears_leaves_a_warning_about_the_users_in_the_own_file()
    {
        Write(Path.GetDirectoryName(OwnFile)!, Path.GetFileName(OwnFile), Sample.Text(2));
        Assert.Empty(Find().Warnings);

        WriteProgram("pgedge-postgres-mcp");
        var location = Find();

        Assert.Equal(ProgramFolder, Path.GetDirectoryName(location.Path));
        var warning = Assert.Single(location.Warnings);
        Assert.Contains($"'{location.Path}'", warning, StringComparison.Ordinal);
        Assert.Contains($"'{OwnFile}'", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users: {}\n")]
    [InlineData("")]
    [InlineData("users: [")]
    public void An_own_file_without_users_causes_no_warning(string text)
    {
        Write(Path.GetDirectoryName(OwnFile)!, Path.GetFileName(OwnFile), text);
        WriteProgram("pgedge-postgres-mcp");

        Assert.Empty(Find().Warnings);
    }

    [Fact]
    public void A_file_that_the_environment_names_causes_no_warning()
    {
        Write(Path.GetDirectoryName(OwnFile)!, Path.GetFileName(OwnFile), Sample.Text(2));
        _setting = _root.File;

        Assert.Empty(Find().Warnings);
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_an_error_unless_the_environment_names_the_file()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Directory.CreateDirectory(SystemFolder);
        var path = Path.Combine(SystemFolder, "postgres-mcp.yaml");
        // Reading it is an error for root, too.
        File.CreateSymbolicLink(path, "/proc/self/mem");

        var failure = Assert.Throws<PgEdgeUsersException>(() => Find());
        _setting = _root.File;

        Assert.Equal(FailureKind.InvalidConfiguration, failure.Kind);
        Assert.Contains(
            $"'{path}' may name the user file, but it cannot be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(_root.File, Find().Path);
    }

    private UserFileLocation Find() => Locator(SettingsFolder).Find();

    private UserFileLocator Locator(string settingsFolder) =>
        new(new ServerInstallation(_systemFolder, _searchPath), ProgramFolder, _setting, settingsFolder);

    private void WriteProgram(string name)
    {
        Write(ProgramFolder, OperatingSystem.IsWindows() ? name + ".exe" : name, "program");
        _searchPath = ProgramFolder;
    }

    private static void Write(string folder, string name, string text = "users: {}\n")
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
