using System.Text;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// How configurations are read. The expected values are those of the server's own configuration types and YAML reader
/// (Go's <c>yaml.v3</c>).
/// </summary>
public sealed class ServerConfigurationTests : IDisposable
{
    private const string UserFile = "http: {auth: {user_file: /x}}\n";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("http:\n")]
    [InlineData("http: {auth: null}")]
    [InlineData("http: {auth: {user_file: null}}")]
    [InlineData("http: {auth: {user_file: ~}}")]
    [InlineData("http: {auth: {user_file: ''}}")]
    [InlineData("http: {auth: {user_file: \"a\\0b\"}}")]
    [InlineData("auth: {user_file: /x}")]
    [InlineData("http: {user_file: /x}")]
    [InlineData("other: {http: {auth: {user_file: /x}}}")]
    [InlineData("'<<': {http: {auth: {user_file: /x}}}")]
    [InlineData("  http: {}\nhttp: {auth: {user_file: /x}}")]
    public void A_configuration_can_name_no_user_file(string yaml)
    {
        var configuration = Load(yaml);

        Assert.Null(configuration.Rejection);
        Assert.Null(configuration.UserFile);
    }

    [Theory]
    [InlineData("http: {auth: {user_file: /x}}")]
    [InlineData("\uFEFFhttp: {auth: {user_file: /x}}")]
    [InlineData("---\nhttp: {auth: {user_file: /x}}\n---\nbad: [\n")]
    [InlineData("http: {auth: {user_file: /x}}\n...\nbad: [\n")]
    [InlineData("  http: {auth: {user_file: /x}}\nbad: [\n")]
    [InlineData("%YAML 1.1\n---\nhttp: {auth: {user_file: /x}}\n")]
    [InlineData("http:\r\n  auth:\r\n    user_file: /x\r\n")]
    [InlineData("http:\n  auth:\n    user_file:\t/x\t# here\nllm: {}\n")]
    [InlineData("http:\n  auth:\n    enabled: yes\n      \t\n    user_file: /x\n")]
    [InlineData("http: {auth: {\n\tuser_file: /x}}\n")]
    [InlineData("http:\n  auth:\n    user_file: >-\n      /x\n")]
    [InlineData("http: {auth: {user_file: /x, enabled: 'yes'}}")]
    [InlineData("http: {auth: {user_file: /x, enabled: on}}")]
    [InlineData("http: {auth: {user_file: /x, rate_limit_window_minutes: 3.7}}")]
    [InlineData("http: {auth: {user_file: /x, token_file: 123}}")]
    [InlineData("http: {auth: {user_file: /x}}\ndatabases: null\n")]
    [InlineData("http: {auth: {user_file: /x}}\ndatabases:\n-\n")]
    [InlineData("http: {auth: {user_file: /x}}\nllm: {temperature: 1}\n")]
    [InlineData("http: {auth: {user_file: /x}}\nunknown: {a: 1, a: 2}\n")]
    [InlineData("http: {unknown: [1, {a: 1, a: 2}], auth: {user_file: /x}}")]
    [InlineData("http: {unknown: &a [*a], auth: {user_file: /x}}")]
    [InlineData("file: &f /x\nhttp: {auth: {user_file: *f}}")]
    [InlineData("auth: &a {user_file: /x}\nhttp: {auth: *a}")]
    [InlineData("auth: &a {user_file: /x}\nhttp: {auth: {<<: *a}}")]
    [InlineData("auth: &a {user_file: /y}\nhttp: {auth: {<<: *a, user_file: /x}}")]
    [InlineData("a: &a {user_file: /x}\nb: &b {user_file: /y}\nhttp: {auth: {<<: [*a, *b]}}")]
    [InlineData("<<: {http: {auth: {user_file: /x}}}")]
    public void A_configuration_names_the_user_file_as_the_server_reads_it(string yaml)
    {
        var configuration = Load(yaml);

        Assert.Null(configuration.Rejection);
        Assert.Equal("/x", configuration.UserFileSetting);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", 2)]
    [InlineData("builtins: {}\nhttp: {}\nbuiltins: {}\n", 3)]
    [InlineData("1: x\n'1': y\n", 2)]
    [InlineData("http:\n  zz: 1\n  zz: 2\n", 3)]
    [InlineData("databases:\n- name: x\n  name: y\n", 3)]
    [InlineData("builtins:\n  tools:\n    count_rows: true\n    count_rows: true\n", 4)]
    [InlineData("<<: {}\n<<: {}\n", 2)]
    public void A_duplicate_key_makes_the_server_ignore_the_configuration(string yaml, int line) =>
        RequireIgnored(yaml, line, "appears twice");

    [Theory]
    [InlineData("http: text\n", "'http' must be a mapping")]
    [InlineData("http: [auth]\n", "'http' must be a mapping")]
    [InlineData("http: {enabled: 'true'}\n", "'http.enabled' must be true or false")]
    [InlineData("http: {enabled: 1}\n", "'http.enabled' must be true or false")]
    [InlineData("http: {address: [a]}\n", "'http.address' must be a single value")]
    [InlineData("http: {tls: {cert_file: {a: b}}}\n", "'http.tls.cert_file' must be a single value")]
    [InlineData("http: {auth: [user_file]}\n", "'http.auth' must be a mapping")]
    [InlineData(
        "http: {auth: {max_failed_attempts_before_lockout: \"3\"}}\n", "must be a whole number, without quotes")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: !!str 3}}\n", "must be a whole number")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: many}}\n", "must be a whole number")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: true}}\n", "must be a whole number")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: .inf}}\n", "must be a whole number")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: 2024-01-01}}\n", "must be a whole number")]
    [InlineData("http: {auth: {max_failed_attempts_before_lockout: 18446744073709551615}}\n", "must be a whole number")]
    [InlineData("databases: {name: x}\n", "'databases' must be a list")]
    [InlineData("databases: [x]\n", "'databases' must be a mapping")]
    [InlineData("databases: [{port: \"5432\"}]\n", "'databases.port' must be a whole number")]
    [InlineData("databases: [{available_to_users: bob}]\n", "'databases.available_to_users' must be a list")]
    [InlineData(
        "databases: [{available_to_users: [bob, [a]]}]\n", "'databases.available_to_users' must be a single value")]
    [InlineData("databases: &a [*a]\n", "'databases' must be a mapping")]
    [InlineData("llm: {temperature: high}\n", "'llm.temperature' must be a number")]
    [InlineData("llm: {max_tokens: '4096'}\n", "'llm.max_tokens' must be a whole number")]
    [InlineData("builtins: {tools: {count_rows: \"false\"}}\n", "'builtins.tools.count_rows' must be true or false")]
    [InlineData("secret_file: {a: b}\n", "'secret_file' must be a single value")]
    [InlineData("<<: text\n", "is not a mapping")]
    [InlineData("a: &a {enabled: 'true'}\nhttp: {<<: *a}\n", "'http.enabled' must be true or false")]
    [InlineData("? [http]\n: 1\n", "a key is not a single value")]
    public void A_value_of_the_wrong_type_makes_the_server_ignore_the_configuration(string yaml, string reason) =>
        RequireIgnored(yaml, 1, reason);

    [Theory]
    [InlineData("text")]
    [InlineData("- http: {auth: {user_file: /x}}")]
    [InlineData("http: [")]
    [InlineData("http: {auth: {user_file: /x}}\nhttp: &")]
    [InlineData("http:\n  auth:\n    user_file: /x\n bad")]
    [InlineData("http: {auth: {user_file: *missing}}")]
    [InlineData("http: {auth: {user_file: '/x}}")]
    [InlineData("http: {auth: {user_file: @x}}")]
    [InlineData("http: {auth: {user_file: /x\u0001}}")]
    [InlineData("http: a: b")]
    [InlineData("\thttp: {auth: {user_file: /x}}")]
    [InlineData("http:\n\tauth: {user_file: /x}")]
    [InlineData("http:\n  auth:\n  \tuser_file: /x")]
    [InlineData("http: {auth: {user_file: /x}}\n\t\nllm: {}\n")]
    [InlineData("http:\n  auth:\n    user_file: /x\n\t# here\n    enabled: true\n")]
    [InlineData("databases:\n-\tname: x\n")]
    public void A_text_that_the_server_cannot_read_makes_it_ignore_the_configuration(string yaml)
    {
        var configuration = Load(yaml);

        Assert.Matches("^line [0-9]+: .", configuration.Rejection);
        Assert.Null(configuration.UserFile);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_make_the_server_ignore_the_configuration()
    {
        File.WriteAllBytes(_folder.File, [.. Encoding.UTF8.GetBytes(UserFile + "# "), 0xE9, (byte)'\n']);

        Assert.StartsWith("line 2: ", ServerConfiguration.Load(_folder.File)!.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_is_read_as_the_server_reads_it()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            File.WriteAllText(_folder.File, UserFile, encoding);
            Assert.Equal("/x", ServerConfiguration.Load(_folder.File)!.UserFileSetting);
        }
    }

    [Theory]
    [InlineData("users.yaml")]
    [InlineData("../users.yaml")]
    public void A_relative_user_file_is_taken_from_the_configurations_folder(string setting)
    {
        var configuration = Load(
            $"http:\n  port: 1\n  auth:\n    other: {{user_file: no}}\n    user_file: \"{setting}\" # here\nrest: [1]");

        Assert.Equal(setting, configuration.UserFileSetting);
        Assert.Equal(Path.GetFullPath(setting, _folder.Path), configuration.UserFile);
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("0", 0)]
    [InlineData("-4", 0)]
    [InlineData("+4", 4)]
    [InlineData("null", 0)]
    [InlineData("3.7", 3)]
    [InlineData("1e3", 1000)]
    [InlineData(".5", 0)]
    [InlineData("1_000", 1000)]
    [InlineData("0x10", 16)]
    [InlineData("010", 8)]
    [InlineData("08", 8)]
    [InlineData("0o17", 15)]
    [InlineData("0b11", 3)]
    [InlineData("9223372036854775807", int.MaxValue)]
    public void The_lockout_threshold_is_a_number_as_the_server_reads_it(string setting, int expected)
    {
        var configuration = Load($"http: {{auth: {{max_failed_attempts_before_lockout: {setting}}}}}");

        Assert.Null(configuration.Rejection);
        Assert.Equal(expected, configuration.MaxFailedAttempts);
        Assert.Equal(new LockoutThreshold(expected), LockoutThreshold.In(configuration));
    }

    [Fact]
    public void Without_a_usable_configuration_there_is_no_lockout()
    {
        Assert.Equal(new LockoutThreshold(0), LockoutThreshold.In(null));

        var threshold = LockoutThreshold.In(Load("http: {auth: {max_failed_attempts_before_lockout: '5'}}"));

        Assert.Equal(0, threshold.Attempts);
        Assert.Contains($"'{_folder.File}'", threshold.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_pipe_are_not_configurations()
    {
        Assert.Null(ServerConfiguration.Load(_folder["missing.yaml"]));
        Assert.Null(ServerConfiguration.Load(_folder.Folder("folder.yaml")));
        if (!OperatingSystem.IsLinux())
            return;
        Native.Pipe(_folder["pipe.yaml"]);
        Assert.Null(Store.Promptly(() => ServerConfiguration.Load(_folder["pipe.yaml"])));
    }

    [Theory]
    [InlineData("[", 1_000_000)]
    [InlineData("- ", 100_000)]
    [InlineData("{a: ", 100_000)]
    public void Endless_nesting_is_refused_promptly(string opening, int count)
    {
        var path = _folder.Write(UserFile + "rest: " + string.Concat(Enumerable.Repeat(opening, count)) + "\n");

        Assert.NotNull(Store.Promptly(() => ServerConfiguration.Load(path))!.Rejection);
    }

    private ServerConfiguration Load(string yaml) => ServerConfiguration.Load(_folder.Write(yaml))!;

    private void RequireIgnored(string yaml, int line, string reason)
    {
        var configuration = Load(yaml.Contains("http", StringComparison.Ordinal) ? yaml : yaml + UserFile);

        Assert.Contains(reason, configuration.Rejection, StringComparison.Ordinal);
        Assert.StartsWith($"line {line}: ", configuration.Rejection, StringComparison.Ordinal);
        Assert.Null(configuration.UserFile);
    }
}
