using System.Management.Automation.Runspaces;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class ConfirmationTests : ShellTest
{
    [Fact]
    public void Removing_asks_first_and_names_the_user_and_the_file()
    {
        Host.Answer("Yes");

        Run("Remove-PgEdgeUser bob -Path $file").Ok();

        Assert.Contains($"User 'bob' in '{Store.Path}'", Assert.Single(Host.Questions), StringComparison.Ordinal);
        Assert.Equal(["alice", "charlie"], Store.Names);
    }

    [Theory]
    [InlineData("Remove-PgEdgeUser bob -Path $file")]
    [InlineData("Disable-PgEdgeUser bob -Path $file -Confirm")]
    [InlineData("Enable-PgEdgeUser charlie -Path $file -Confirm")]
    [InlineData("Set-PgEdgeUser bob -Annotation Lead -Path $file -Confirm")]
    [InlineData("New-PgEdgeUser dora -Path $file -Confirm")]
    [InlineData("New-PgEdgeSession ([pscredential]::new('alice', [securestring]::new())) -Path $file -Confirm")]
    [InlineData("$ConfirmPreference = 'Low'; Disable-PgEdgeUser bob -Path $file")]
    public void No_changes_nothing(string script)
    {
        Host.Answer("No");

        Assert.Empty(Run(script).Ok().Output);

        Assert.Single(Host.Questions);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Each_answer_is_for_one_user()
    {
        Host.Answer("No", "Yes", "No");

        Run("Get-PgEdgeUser -Path $file | Remove-PgEdgeUser").Ok();

        Assert.Equal(["alice", "charlie"], Store.Names);
    }

    [Fact]
    public void Yes_to_all_asks_no_more()
    {
        Host.Answer("Yes to All");

        Run("'alice', 'bob', 'charlie' | Remove-PgEdgeUser -Path $file").Ok();

        Assert.Empty(Store.Names);
    }

    [Fact]
    public void What_is_not_there_is_not_asked_about()
    {
        Assert.Equal(["UserNotFound,RemovePgEdgeUser: dora"], Run("Remove-PgEdgeUser dora, x* -Path $file").Failures);

        Assert.Empty(Host.Questions);
    }

    [Fact]
    public void Answers_that_end_early_change_nothing_at_all()
    {
        Host.Answer("Yes");

        Assert.Equal(["ConfirmationRequired,RemovePgEdgeUser: bob"], Run("'alice', 'bob', 'charlie' | Remove-PgEdgeUser -Path $file").Failures);

        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Without_anybody_to_answer_nobody_is_removed()
    {
        var error = Run("Remove-PgEdgeUser bob -Path $file").Error;

        Assert.Equal("ConfirmationRequired,PgEdgeUsers.Commands.RemovePgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-Confirm:$false", error.ToString(), StringComparison.Ordinal);

        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Without_a_screen_nobody_is_removed()
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);

        shell.AddScript("param($module, $file) Import-Module $module; Remove-PgEdgeUser bob -Path $file").AddArgument(TestProcess.Module).AddArgument(Store.Path);

        shell.Invoke();

        Assert.Equal("ConfirmationRequired,PgEdgeUsers.Commands.RemovePgEdgeUserCommand", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId);
        Assert.True(Store.IsUntouched);
    }
}
