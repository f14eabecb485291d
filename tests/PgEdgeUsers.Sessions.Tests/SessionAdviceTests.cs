using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>What is said of sessions that a running server has, and finding those who did not sign in for long.</summary>
public sealed class SessionAdviceTests : ShellTest
{
    public SessionAdviceTests()
    {
        Define("new", Secret.Of("quite another password of theirs"));
        Define("copy", Path.Combine(Store.Folder, "copy.yaml"));
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser alice -Path $file", "enabling the user within that time revives it")]
    [InlineData("'alice', 'bob' | Disable-PgEdgeUser -Path $file", "Restart the server to end it")]
    [InlineData("Disable-PgEdgeUser * -Path $file", "Restart the server to end it")]
    [InlineData("Remove-PgEdgeUser alice, bob -Confirm:$false -Path $file", "restart it")]
    [InlineData("Set-PgEdgeUser alice, bob -Password $new -Path $file", "opened with the old password")]
    [InlineData("[System.IO.File]::Copy($file, $copy); $file, $copy | ForEach-Object { [pscustomobject]@{ Username = 'alice'; Path = $_ } } | Disable-PgEdgeUser", "Restart the server to end it")]
    public void What_becomes_of_a_running_servers_sessions_is_said_once(string script, string words)
    {
        Assert.Contains(words, Assert.Single(Run(script).Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-PgEdgeUser dora -Password $new -Path $file")]
    [InlineData("Enable-PgEdgeUser charlie -Path $file")]
    [InlineData("Set-PgEdgeUser alice -Annotation 'On leave' -Path $file")]
    [InlineData("Disable-PgEdgeUser charlie -Path $file")]
    [InlineData("Remove-PgEdgeUser alice -WhatIf -Path $file")]
    public void Nothing_is_said_where_no_session_is_concerned(string script)
    {
        Assert.Empty(Run(script).Ok().Warnings);
    }

    [Fact]
    public void Those_who_did_not_sign_in_for_90_days_are_disabled_as_it_is_typed()
    {
        Store.Write(Store.Text
            .Replace("last_login: 2024-11-14T09:30:00Z", $"last_login: {DateTime.UtcNow.AddDays(-89):yyyy-MM-dd}", StringComparison.Ordinal)
            .Replace("enabled: false", "enabled: true", StringComparison.Ordinal) + $$"""
                dora:
                    username: dora
                    password_hash: ""
                    created_at: {{DateTime.UtcNow.AddDays(-89):yyyy-MM-dd}}
                    last_login: null
                    enabled: true
                    annotation: ""
                    failed_attempts: 0

            """.ReplaceLineEndings("\n"));

        Run("Get-PgEdgeUser -Path $file -InactiveFor 90.00:00:00 | Disable-PgEdgeUser").Ok();

        // Bob never signed in, and was made long ago; dora never did either, and was made of late.
        Assert.Equal(
            ["alice Enabled", "bob Disabled", "charlie Disabled", "dora Enabled"],
            Run("Get-PgEdgeUser -Path $file | ForEach-Object { \"$_ $($_.Status)\" }").Ok().Texts);
    }
}
