using System.Security;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Get-, Test- and Remove-PgEdgeSession, and what ends a session, as users type it.</summary>
public sealed class SessionCmdletTests : ShellTest
{
    public SessionCmdletTests()
    {
        Define("alice", Secret.Login("alice", SampleFile.AlicePassword));
        Define("bob", Secret.Login("bob", SampleFile.BobPassword));
        Define("wrong", Secret.Of("not the right password"));
        Define("new", Secret.Of("quite another password of theirs"));
    }

    [Fact]
    public void Sessions_are_listed_without_their_tokens()
    {
        var result = Run("$alice, $bob, $alice | New-PgEdgeSession -Path $file | Out-Null; Get-PgEdgeSession -Path $file").Ok();

        Assert.Equal(["alice", "bob", "alice"], result.Texts);
        Assert.All(result.Output, session => Assert.Null(session!.Properties["Token"].Value));
        Assert.All(result.Output, session => Assert.Equal(Store.Path, session!.Properties["Path"].Value));
        Assert.All(result.Output, session => Assert.Matches("^[0-9a-f]{8}$", (string)session!.Properties["Id"].Value));
    }

    [Theory]
    [InlineData("Get-PgEdgeSession alice -Path $file", "alice alice")]
    [InlineData("Get-PgEdgeSession A* -Path $file", "alice alice")]
    [InlineData("Get-PgEdgeSession -Name alice, bob -Path $file", "alice bob alice")]
    [InlineData("'bob' | Get-PgEdgeSession -Path $file", "bob")]
    [InlineData("Get-PgEdgeUser b* -Path $file | Get-PgEdgeSession", "bob")]
    [InlineData("Get-PgEdgeSession charlie -Path $file", "")]
    [InlineData("Get-PgEdgeSession z* -Path $file", "")]
    public void Sessions_are_chosen_by_user(string script, string users)
    {
        Run("$alice, $bob, $alice | New-PgEdgeSession -Path $file").Ok();

        Assert.Equal(users, string.Join(' ', Run(script).Ok().Texts));
    }

    [Fact]
    public void A_name_that_nobody_has_is_an_error_for_that_name()
    {
        var result = Run("$alice | New-PgEdgeSession -Path $file | Out-Null; Get-PgEdgeSession Alice, alice -Path $file");

        Assert.Equal(["alice"], result.Texts);
        Assert.Equal(["UserNotFound,GetPgEdgeSession: Alice"], result.Failures);
    }

    [Theory]
    [InlineData("$session | Test-PgEdgeSession")]
    [InlineData("Test-PgEdgeSession $session")]
    [InlineData("Test-PgEdgeSession -Session $session -Path $file")]
    [InlineData("Test-PgEdgeSession -Token $session.Token -Path $file")]
    [InlineData("$session.Token | Test-PgEdgeSession -Path $file")]
    [InlineData("Get-PgEdgeSession -Path $file | Test-PgEdgeSession")]
    [InlineData("$serializer::Deserialize($serializer::Serialize($session)) | Test-PgEdgeSession")]
    [InlineData("$serializer::Deserialize($serializer::Serialize((Get-PgEdgeSession -Path $file))) | Test-PgEdgeSession")]
    public void A_session_is_tested_however_it_is_given(string script)
    {
        Run("$serializer = [System.Management.Automation.PSSerializer]; $session = New-PgEdgeSession $alice -Path $file").Ok();

        Assert.Equal(["True"], Run(script).Ok().Texts);
        Assert.Equal(["False"], Run("Remove-PgEdgeSession -All -Path $file; " + script.Replace("(Get-PgEdgeSession -Path $file)", "$session", StringComparison.Ordinal).Replace("Get-PgEdgeSession -Path $file", "$session", StringComparison.Ordinal)).Ok().Texts);
    }

    [Theory]
    [InlineData("$session | Remove-PgEdgeSession")]
    [InlineData("Remove-PgEdgeSession $session")]
    [InlineData("Remove-PgEdgeSession -Token $session.Token -Path $file")]
    [InlineData("Remove-PgEdgeSession -Id $session.Id -Path $file")]
    [InlineData("$session.Token | Remove-PgEdgeSession -Path $file")]
    [InlineData("Get-PgEdgeSession alice -Path $file | Remove-PgEdgeSession")]
    [InlineData("Remove-PgEdgeSession -Username alice -Path $file")]
    [InlineData("Remove-PgEdgeSession -Username A*, z* -Path $file")]
    [InlineData("Get-PgEdgeUser alice -Path $file | Remove-PgEdgeSession")]
    [InlineData("'alice' | Remove-PgEdgeSession -Path $file")]
    [InlineData("$serializer::Deserialize($serializer::Serialize($session)) | Remove-PgEdgeSession")]
    [InlineData("$session, $session | Remove-PgEdgeSession")]
    public void A_session_is_ended_however_it_is_given(string script)
    {
        Run("$serializer = [System.Management.Automation.PSSerializer]; $session = New-PgEdgeSession $alice -Path $file; $other = New-PgEdgeSession $bob -Path $file").Ok();

        var result = Run($"{script} -WhatIf; $session, $other | Test-PgEdgeSession; {script}; $session, $other | Test-PgEdgeSession").Ok();

        Assert.Equal(["True", "True", "False", "True"], result.Texts);
        Assert.Equal(["SessionEnded alice log-out"], Run("Get-PgEdgeAuditEvent -Event SessionEnded -Path $file | ForEach-Object { \"$($_.Event) $($_.Username) $($_.Reason)\" }").Ok().Texts);
    }

    [Fact]
    public void All_sessions_can_be_ended_at_once()
    {
        var result = Run("$alice, $bob | New-PgEdgeSession -Path $file | Out-Null; Remove-PgEdgeSession -All -Path $file; Get-PgEdgeSession -Path $file").Ok();

        Assert.Empty(result.Output);
    }

    [Fact]
    public void Many_sessions_of_one_pipeline_end_in_one_writing()
    {
        Run("1..5 | ForEach-Object { New-PgEdgeSession $alice -Path $file } | Out-Null").Ok();
        var audit = File.ReadAllLines(Store.Path + ".audit.jsonl").Length;

        var result = Run("Get-PgEdgeSession -Path $file | Remove-PgEdgeSession; Get-PgEdgeSession -Path $file").Ok();

        Assert.Empty(result.Output);
        Assert.Equal(audit + 5, File.ReadAllLines(Store.Path + ".audit.jsonl").Length);
    }

    [Fact]
    public void A_session_that_is_not_there_is_an_error_for_that_session()
    {
        var result = Run("""
            $session = New-PgEdgeSession $alice -Path $file
            $session | Remove-PgEdgeSession
            $session | Remove-PgEdgeSession
            Remove-PgEdgeSession -Id 01234567 -Path $file
            Remove-PgEdgeSession -Token $session.Token -Path $file
            Remove-PgEdgeSession -Username alice -Path $file
            Remove-PgEdgeSession -Username Alice, nobody -Path $file
            """);

        Assert.Equal(["SessionNotFound", "SessionNotFound", "SessionNotFound", "UserNotFound", "UserNotFound"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category));
        Assert.Equal(["Alice", "nobody"], result.Errors.TakeLast(2).Select(error => error.TargetObject));
    }

    [Theory]
    [InlineData("'a-token-as-plain-text' | Remove-PgEdgeSession -Path $file")]
    [InlineData("'a-token-as-plain-text' | Test-PgEdgeSession -Path $file")]
    [InlineData("[pscustomobject]@{ Token = 'a-token-as-plain-text' } | Test-PgEdgeSession -Path $file")]
    [InlineData("Get-PgEdgeUser alice -Path $file | Test-PgEdgeSession")]
    [InlineData("Test-PgEdgeSession -Token ([securestring]::new()) -Path $file")]
    [InlineData("[pscustomobject]@{ Token = 'a-token-as-plain-text'; Uri = 'http://' } | Test-PgEdgeSession")]
    public void What_is_no_session_is_refused_and_not_repeated(string script)
    {
        Secret.Of("a-token-as-plain-text");

        var error = Run(script).Error;

        Assert.StartsWith("NotASession,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Null(error.TargetObject);
    }

    [Theory]
    [InlineData("$serializer::Deserialize($serializer::Serialize($session))", "True")]
    [InlineData("[pscustomobject]@{ Id = $session.Id; Path = $file }", "True")]
    [InlineData("[pscustomobject]@{ Id = $session.Id; Username = 'bob'; Path = $file }", "False")]
    [InlineData("[pscustomobject]@{ Token = $session.Token; Username = 'bob'; Path = $file }", "False")]
    [InlineData("[pscustomobject]@{ Id = $session.Id; Token = [securestring]::new(); Path = $file }", "False")]
    [InlineData("[pscustomobject]@{ Id = $session.Id; Token = @{ Length = 44 }; Path = $file }", "")]
    [InlineData("[pscustomobject]@{ Id = $session.Id; Token = 'anything'; Path = $file }", "")]
    public void An_id_vouches_for_nothing_else(string made, string result)
    {
        Run("$serializer = [System.Management.Automation.PSSerializer]; $session = New-PgEdgeSession $alice -Path $file").Ok();

        var tested = Run($"{made} | Test-PgEdgeSession");

        Assert.Equal(result, string.Join(' ', tested.Texts));
        Assert.Equal(result.Length == 0 ? ["NotASession,PgEdgeUsers.Commands.TestPgEdgeSessionCommand"] : [], tested.Errors.Select(error => error.FullyQualifiedErrorId));
    }

    [Fact]
    public void What_is_on_disk_is_recorded_whatever_happens_to_the_pipeline_after_it()
    {
        Define("stop", (Action)Stop);
        Run("$session = New-PgEdgeSession $alice -Path $file").Ok();

        Assert.True(Run("Disable-PgEdgeUser alice -Path $file -Verbose 4>&1 | ForEach-Object { if (\"$_\" -like 'Users changed*') { $stop.Invoke(); for () { } } }").Stopped);

        Assert.Equal(
            ["SignIn", "UserDisabled", "SessionEnded"],
            Run("Get-PgEdgeAuditEvent -Path $file | ForEach-Object Event").Ok().Texts);
    }

    [Theory]
    [InlineData("Remove-PgEdgeSession -All -Path nowhere.yaml")]
    [InlineData("Remove-PgEdgeSession -Id 01234567 -Path nowhere.yaml")]
    public void Where_there_is_no_user_file_there_are_no_sessions_to_end(string script)
    {
        Assert.Equal("UserFileNotFound,PgEdgeUsers.Commands.RemovePgEdgeSessionCommand", Run(script).Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_damaged_sessions_file_is_a_clear_error_everywhere()
    {
        Run("$session = New-PgEdgeSession $alice -Path $file").Ok();
        File.WriteAllText(Store.Path + ".sessions.json", "{\"version\":1,\"sess");

        var result = Run("Get-PgEdgeSession -Path $file; Test-PgEdgeSession $session; Remove-PgEdgeSession $session; New-PgEdgeSession $alice -Path $file");

        Assert.Equal(["Get", "Test", "Remove", "New"], result.Errors.Select(error => error.FullyQualifiedErrorId.Replace("SessionFileInvalid,PgEdgeUsers.Commands.", "", StringComparison.Ordinal).Replace("PgEdgeSessionCommand", "", StringComparison.Ordinal)));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category));
        Assert.All(result.Errors, error => Assert.Contains("Remove it", error.ToString(), StringComparison.Ordinal));
        Assert.Equal("False SessionFileInvalid", Run("Get-PgEdgeAuditEvent alice -Path $file | ForEach-Object { \"$($_.Success) $($_.Reason)\" }").Ok().Texts[^1]);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser alice -Path $file")]
    [InlineData("Set-PgEdgeUser alice -Password $new -Path $file")]
    [InlineData("Remove-PgEdgeUser alice -Path $file -Confirm:$false")]
    [InlineData("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 1 -Path $file -ErrorAction Ignore")]
    public void What_changes_an_account_ends_its_sessions_and_no_others(string script)
    {
        Run("$alices = 1..2 | ForEach-Object { New-PgEdgeSession $alice -Path $file }; $bobs = New-PgEdgeSession $bob -Path $file").Ok();

        Run(script).Ok();

        Assert.Equal(["False", "False", "True"], Run("$alices + $bobs | Test-PgEdgeSession").Ok().Texts);
        Assert.Equal(["bob"], Run("Get-PgEdgeSession -Path $file").Ok().Texts);
        Assert.DoesNotContain("alice", File.ReadAllText(Store.Path + ".sessions.json"), StringComparison.Ordinal);
        Assert.Equal(["alice", "alice"], Run("Get-PgEdgeAuditEvent -Event SessionEnded -Path $file | ForEach-Object Username").Ok().Texts);
    }

    [Theory]
    [InlineData("Set-PgEdgeUser alice -Annotation 'On leave' -Path $file")]
    [InlineData("Enable-PgEdgeUser alice -Path $file")]
    [InlineData("Disable-PgEdgeUser alice -Path $file -WhatIf")]
    [InlineData("New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore")]
    public void What_does_not_concern_sign_in_ends_no_session(string script)
    {
        Run("$session = New-PgEdgeSession $alice -Path $file").Ok();

        Assert.Equal(["True"], Run($"{script}; $session | Test-PgEdgeSession").Ok().Texts);
    }

    [Fact]
    public void Enabling_an_account_does_not_revive_its_sessions_whoever_disabled_it()
    {
        Run("$alices = New-PgEdgeSession $alice -Path $file; $bobs = New-PgEdgeSession $bob -Path $file").Ok();
        Store.Write(Store.Text.Replace("enabled: true", "enabled: false", StringComparison.Ordinal));
        Assert.Equal(["False", "False"], Run("$alices, $bobs | Test-PgEdgeSession").Ok().Texts);

        Run("'alice', 'bob' | Enable-PgEdgeUser -Path $file").Ok();

        Assert.Equal(["False", "False"], Run("$alices, $bobs | Test-PgEdgeSession").Ok().Texts);
    }

    [Fact]
    public void The_oldest_sessions_end_for_a_new_one_and_that_is_recorded()
    {
        var result = Run("$sessions = 1..4 | ForEach-Object { New-PgEdgeSession $alice -MaxSessions 2 -Path $file }; $sessions | Test-PgEdgeSession");

        Assert.Equal(["False", "False", "True", "True"], result.Ok().Texts);
        Assert.Equal(["alice too many sessions", "alice too many sessions"], Run("Get-PgEdgeAuditEvent -Event SessionEnded -Path $file | ForEach-Object { \"$_\".Split(' ')[1] + ' ' + $_.Reason }").Ok().Texts);
    }

    [Fact]
    public void Sessions_that_begin_while_a_pipeline_runs_are_listed() =>
        Assert.Equal(["alice", "bob"], Run("$alice, $bob | New-PgEdgeSession -Path $file | Get-PgEdgeSession -Path $file | ForEach-Object Username").Ok().Texts);

    [Theory]
    [InlineData("enabled")]
    [InlineData("password_hash")]
    public void What_does_not_count_any_more_is_not_listed_whoever_changed_the_account(string field)
    {
        Run("$null = New-PgEdgeSession $alice -Path $file").Ok();
        Store.Write(Store.Text.Replace($"{field}: {Store.Field("alice", field)}", $"{field}: {Store.Field("charlie", field)}", StringComparison.Ordinal));

        Assert.Empty(Run("Get-PgEdgeSession -Path $file").Ok().Output);
    }

    [Theory]
    [InlineData("0:0:0.001", "True")]
    [InlineData("1:00", "False")]
    public void Whether_a_session_has_expired_is_told_here_and_where_it_came_back_from_another_process(string lifetime, string isExpired)
    {
        var result = Run($$"""
            $session = New-PgEdgeSession $alice -Lifetime {{lifetime}} -Path $file
            while ([datetime]::UtcNow -lt $session.IssuedAt.ToUniversalTime().AddMilliseconds(1)) { }
            $session.IsExpired
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($session)).IsExpired
            """);

        Assert.Equal([isExpired, isExpired], result.Ok().Texts);
    }

    [Fact]
    public void A_session_can_be_short()
    {
        var result = Run("$session = New-PgEdgeSession $alice -Lifetime 0:0:0.001 -Path $file; while (-not $session.IsExpired) { }; $session | Test-PgEdgeSession; Get-PgEdgeSession -Path $file");

        Assert.Equal(["False"], result.Ok().Texts);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_another_who_changes_the_file()
    {
        using var held = FileLock.Acquire(Store.Path, TimeSpan.Zero, CancellationToken.None);

        var running = Task.Run(() => Run("New-PgEdgeSession $alice -Path $file"));
        while (!running.IsCompleted)
        {
            Stop();
            await Task.WhenAny(running, Task.Delay(50));
        }

        Assert.True((await running).Stopped);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_session_names_its_user_wherever_it_is_used_as_text()
    {
        var session = Run("New-PgEdgeSession $alice -Path $file").Ok().Output[0]!;

        Assert.Equal("alice", session.BaseObject.ToString());
        Assert.IsType<SecureString>(session.Properties["Token"].Value);
    }

    [Fact]
    public void A_missing_user_file_has_no_sessions_and_is_named()
    {
        var result = Run("Get-PgEdgeSession -Path ./no.yaml; New-PgEdgeSession $alice -Path ./no.yaml");

        Assert.All(result.Errors, error => Assert.StartsWith("UserFileNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(2, result.Errors.Count);
    }
}
