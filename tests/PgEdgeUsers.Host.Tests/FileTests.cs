namespace PgEdgeUsers.Host.Tests;

public sealed class FileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_script_gets_its_arguments_and_its_own_path()
    {
        var script = Script("param([string]$Name, [switch]$Off, $Rest) \"$Name|$Off|$Rest|$PSCommandPath\"");

        var result = await HostProcess.Run("", "-File", script, "-Off:$false", "-Name", "o'ne $two", "-5");

        Assert.Equal($"o'ne $two|False|-5|{script}\n", result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
    }

    [Theory]
    [InlineData("'first'; exit 5", 5, "first\n")]
    [InlineData("'first'; throw 'boom'", 1, "first\n")]
    [InlineData("Get-Nothing", 0, "")]
    [InlineData("if (", 1, "")]
    public async Task A_script_fails_when_it_throws_or_exits_so(string content, int exitCode, string output)
    {
        var result = await HostProcess.Run("", "-File", Script(content));

        Assert.Equal((exitCode, output), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("'from input'\nfoo-bar", 1)]
    [InlineData("'from input'\nfunction Say {\n  'more'\n}\n\nSay >$null\nexit 4\n'never'", 4)]
    public async Task A_script_on_standard_input_runs_without_prompts(string input, int exitCode)
    {
        var result = await HostProcess.Run(input);

        Assert.Equal((exitCode, "from input\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("-Nonsense")]
    [InlineData("-Command")]
    [InlineData("-File", "nowhere.ps1")]
    public async Task Arguments_that_make_no_sense_are_one_line_and_64(params string[] arguments)
    {
        var result = await HostProcess.Run("", arguments);

        Assert.Equal((64, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"\Apgedge-users: [^\n]+\n\z", result.Errors);
    }

    private string Script(string content)
    {
        var path = Path.Combine(_folder.FullName, "it's a [script].ps1");
        File.WriteAllText(path, content);
        return path;
    }
}
