namespace PgEdgeUsers.Host.Tests;

public class CommandTests
{
    private const string RemoveThing = """
        function Remove-Thing {
            [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param($Name)
            if ($PSCmdlet.ShouldProcess($Name)) { "removed $Name" }
        }

        """;

    [Fact]
    public async Task Results_go_to_the_output_without_colours_and_wide_enough_for_all_of_them()
    {
        var note = new string('x', 1024);

        var result = await HostProcess.Run("", "-Command", $"[pscustomobject]@{{ Note = '{note}'; Number = 1 }}");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains($"{note}      1\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public async Task The_module_and_the_engines_own_commands_are_there()
    {
        var result = await HostProcess.Run("", "-Command", """
            (Get-Command -Module PgEdgeUsers | Where-Object Name -eq Get-PgEdgeUser).Source
            1..3 | ? { $_ -gt 1 } | % { $_ * 2 }
            (help Get-PgEdgeUser).Name
            (help) -match '^TOPIC' -and (help) -match 'about_PgEdgeUsers' -and (help) -notmatch 'about_PgEdgeUsers_Security\s+SHORT'
            $PSStyle.Reset.Length -gt 0
            $ExecutionContext.SessionState.Path.CurrentLocation.Path -eq [Environment]::CurrentDirectory
            ($env:PSModulePath -split [IO.Path]::PathSeparator)[0] -eq "$([AppContext]::BaseDirectory)Modules"
            """);

        Assert.Equal("PgEdgeUsers\n4\n6\nGet-PgEdgeUser\nTrue\nTrue\nTrue\nTrue\n", result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
    }

    [Theory]
    [InlineData("throw 'boom'", 1, "Exception: boom\n")]
    [InlineData("Import-Module nowhere -ErrorAction Stop", 1, "Import-Module: ")]
    [InlineData("1; Get-Nothing", 1, "Get-Nothing: The term 'Get-Nothing' is not recognized")]
    [InlineData("Get-Nothing; 1", 0, "Get-Nothing: The term 'Get-Nothing' is not recognized")]
    [InlineData("1\nif (", 1, "ParserError: line 2, column 5: ")]
    [InlineData("exit 3", 3, "")]
    public async Task Errors_are_sentences_on_the_error_stream_and_decide_the_exit_code(
        string command, int exitCode, string errors)
    {
        var result = await HostProcess.Run("", "-Command", command);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith(errors, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n", "removed bob\n", "")]
    [InlineData("n\n", "", "")]
    [InlineData("", "", "The input ended before the question was answered.")]
    [InlineData("\n", "", "The input ended before the question was answered.")]
    public async Task A_confirmation_takes_an_answer_and_never_the_end_of_the_input(
        string input, string output, string error)
    {
        var result = await HostProcess.Run(input, "-Command", RemoveThing + "Remove-Thing bob");

        Assert.Equal(output, result.Output);
        Assert.Contains(error, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_not_interactive_never_asks()
    {
        var result = await HostProcess.Run("y\ny\ny\ny\n", "-NonInteractive", "-Command", RemoveThing + """
            function Get-Failure([scriptblock]$Of) { try { & $Of } catch { $_.Exception.GetBaseException().Message } }
            function Use-Secret { [CmdletBinding()] param([Parameter(Mandatory)][securestring]$Secret) 'used' }
            Get-Failure { Remove-Thing bob }
            Get-Failure { $Host.UI.ReadLine() }
            Get-Failure { $Host.UI.ReadLineAsSecureString() }
            Get-Failure { $Host.UI.PromptForCredential('', '', 'bob', '') }
            Use-Secret
            """);

        const string Refusal = "The session is not interactive: it cannot ask, so give the answer as a parameter.\n";
        Assert.Equal(string.Concat(Enumerable.Repeat(Refusal, 4)), result.Output);
        Assert.Contains("one or more missing mandatory parameters: Secret.", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }
}
