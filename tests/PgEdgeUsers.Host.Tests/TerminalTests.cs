namespace PgEdgeUsers.Host.Tests;

public sealed class TerminalTests : IDisposable
{
    private const string ControlC = "\u0003";

    private const string Users = """
        users:
            alice:
                username: alice
                password_hash: $2a$04$h6555X4AfLy4005/YPacsevnNJs4qGNB9rrVw/o2xwriJdXl1Vst2
                created_at: 2024-10-30T10:15:00Z
                enabled: true
                failed_attempts: 0
            charlie:
                username: charlie
                password_hash: $2a$04$FK4r48LbgF7OCmh5EZYKNu2xrn9VwGVHV.XBKbpMFBgRoIa6Sumd.
                created_at: 2024-09-01T08:00:00Z
                enabled: false
                failed_attempts: 0

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _file;

    public TerminalTests()
    {
        _file = Path.Combine(_folder.FullName, "users.yaml");
        File.WriteAllText(_file, Users);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [FactAtTerminal]
    public async Task Names_are_completed_changes_are_made_and_exit_says_its_code()
    {
        using var host = HostProcess.StartAtTerminal(_file);

        await host.TypeAfter("> ", "Disable-PgEdgeU\t al\t");
        await host.TypeAfter("Disable-PgEdgeUser alice", "\r");
        await host.TypeAfter("WARNING: ", "exit 3\r");

        Assert.Equal(3, (await host.Finish()).ExitCode);
        Assert.Equal(Users.Replace("true", "false", StringComparison.Ordinal), await File.ReadAllTextAsync(_file));
    }

    [FactWithControlC]
    public async Task Control_C_stops_a_command_and_the_exit_code_says_so()
    {
        using var host = HostProcess.StartAtTerminal(_file, ["-Command", "\"begun\"; while ($true) { }"]);

        await host.TypeAfter("begun", ControlC);

        Assert.Equal(130, (await host.Finish()).ExitCode);
    }

    [FactWithControlC]
    public async Task Control_C_drops_a_line_a_password_and_hashing_and_the_session_goes_on()
    {
        using var host = HostProcess.StartAtTerminal(_file);

        await host.TypeAfter("> ", "exit 1");
        await host.TypeAfter("exit 1", ControlC);
        await host.TypeAfter("^C", "Set-PgEdgeUser alice\r");
        await host.TypeAfter("Password: ", "violin" + ControlC + "1..99 | % { \"u$_\" } | New-PgEdgeUser -GeneratePassword\r");
        await host.TypeAfter("s left", ControlC + "exit 3\r");

        Assert.Equal(3, (await host.Finish()).ExitCode);
        Assert.Equal(Users, await File.ReadAllTextAsync(_file));
    }

    [FactAtTerminal]
    public async Task A_disabled_user_has_a_colour_unless_it_is_not_wanted()
    {
        const string Coloured = "\e[33mDisabled\e[0m";
        string[] list = ["-Command", "Get-PgEdgeUser"];

        Assert.Contains(Coloured, await Show(list), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^charlie [^\e]+ Disabled", await Show(list, ("NO_COLOR", "1")));
        Assert.Matches(@"(?m)^charlie [^\e]+ Disabled", await Show(list, ("TERM", "dumb")));
        Assert.Matches(@"(?m)^charlie [^\e]+ Disabled", await Show(["-Command", "$PSStyle.OutputRendering = \"PlainText\"; Get-PgEdgeUser"]));

        async Task<string> Show(string[] arguments, params IEnumerable<(string, string?)> environment)
        {
            using var host = HostProcess.StartAtTerminal(_file, arguments, environment);
            return (await host.Finish()).Output;
        }
    }
}
