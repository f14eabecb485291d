using System.Globalization;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>What the cmdlets record, where, and how it is read.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class AuditCmdletTests : ShellTest, IAsyncLifetime
{
    private const string Variable = "PGEDGE_AUTH_AUDIT_FILE";

    private const string Events = "Get-PgEdgeAuditEvent -Path $file | ForEach-Object { \"$($_.Event) $($_.Username) $($_.Success) $($_.Reason)\".TrimEnd() }";

    private readonly EnvironmentScope _environment = new();

    public AuditCmdletTests()
    {
        _environment.Set(Variable, null);
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        Define("wrong", Secret.Of("not the right password"));
        Define("new", Secret.Of("quite another password of theirs"));
        Define("null", null);
    }

    private string Beside => Store.Path + ".audit.jsonl";

    [Fact]
    public void Every_change_of_an_account_is_recorded()
    {
        Run("""
            New-PgEdgeUser dora -Password $new -Path $file | Out-Null
            Set-PgEdgeUser dora -Password $new -Annotation 'Night shift' -Path $file
            Set-PgEdgeUser dora -Annotation '' -Path $file
            'dora', 'bob' | Disable-PgEdgeUser -Path $file
            Enable-PgEdgeUser dora -Path $file
            Remove-PgEdgeUser dora -Path $file -Confirm:$false
            """).Ok();

        Assert.Equal(
            ["UserAdded dora True", "PasswordSet dora True", "AnnotationSet dora True", "AnnotationSet dora True", "UserDisabled dora True", "UserDisabled bob True", "UserEnabled dora True", "UserRemoved dora True"],
            Run(Events).Ok().Texts);
    }

    [Fact]
    public void Every_sign_in_refusal_lockout_and_end_of_a_session_is_recorded()
    {
        Run("""
            $session = New-PgEdgeSession $login -Path $file
            $session = New-PgEdgeSession $login -MaxSessions 1 -Path $file
            $session | Remove-PgEdgeSession
            $session = New-PgEdgeSession $login -Path $file
            New-PgEdgeSession -Username nobody -Password $wrong -Path $file -ErrorAction Ignore
            1..2 | ForEach-Object { New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -ErrorAction Ignore }
            New-PgEdgeSession $login -Path $file -ErrorAction Ignore
            """).Ok();

        Assert.Equal(
            [
                "SignIn alice True", "SignIn alice True", "SessionEnded alice True too many sessions", "SessionEnded alice True log-out", "SignIn alice True",
                "SignIn nobody False UnknownUser", "SignIn alice False WrongPassword", "SignIn alice False WrongPassword",
                "Lockout alice True too many failed sign-ins", "SessionEnded alice True lockout", "SignIn alice False AccountDisabled",
            ],
            Run(Events).Ok().Texts);
    }

    [Theory]
    [InlineData("Set-PgEdgeUser charlie -Password $new -Annotation 'Former emp' -Path $file", "PasswordSet charlie True")]
    [InlineData("$null = Set-PgEdgeUser charlie -GeneratePassword -Annotation 'Former emp' -Path $file", "PasswordSet charlie True")]
    [InlineData("Disable-PgEdgeUser charlie, alice -Path $file", "UserDisabled alice True")]
    [InlineData("Enable-PgEdgeUser bob, charlie -Path $file", "UserEnabled charlie True")]
    [InlineData("Enable-PgEdgeUser mallory -Path $file", "UserEnabled mallory True was enabled; failed attempts forgotten")]
    public void Only_what_changed_is_recorded(string script, string recorded)
    {
        Store.Write(Store.Text + "    mallory:\n        username: mallory\n        enabled: true\n        failed_attempts: 2\n");

        Run(script).Ok();

        Assert.Equal([recorded], Run(Events).Ok().Texts);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser charlie -Path $file")]
    [InlineData("Enable-PgEdgeUser alice -Path $file")]
    [InlineData("Set-PgEdgeUser charlie -Annotation 'Former emp' -Path $file")]
    [InlineData("Disable-PgEdgeUser alice -WhatIf -Path $file")]
    [InlineData("Disable-PgEdgeUser nobody -Path $file -ErrorAction Ignore")]
    [InlineData("New-PgEdgeUser alice -Password $new -Path $file -ErrorAction Ignore")]
    [InlineData("'alice', 'nobody' | Disable-PgEdgeUser -Path $file -ErrorAction Stop")]
    [InlineData("Get-PgEdgeUser -Path $file | Out-Null; Get-PgEdgeSession -Path $file; Remove-PgEdgeSession -All -Path $file")]
    public void What_changes_nothing_is_not_recorded_and_warned_of(string script)
    {
        Assert.Empty(Run(script).Warnings);

        Assert.False(File.Exists(Beside));
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void An_event_tells_when_what_who_and_where()
    {
        var result = Run("Disable-PgEdgeUser alice -Path $file; Get-PgEdgeAuditEvent -Path $file").Ok();

        var e = Assert.Single(result.Output)!;
        Assert.InRange((DateTime)e.Properties["Time"].Value, DateTime.Now.AddMinutes(-1), DateTime.Now);
        Assert.Equal(["UserDisabled", "alice", "True", "", Environment.UserName, Store.Path], result.Show("Event", "Username", "Success", "Reason", "Actor", "Target"));
        Assert.EndsWith(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), (string)e.Properties["Process"].Value, StringComparison.Ordinal);
        Assert.Equal("UserDisabled alice", e.ToString());
    }

    [Theory]
    [InlineData("Get-PgEdgeAuditEvent alice -Path $file", 2)]
    [InlineData("Get-PgEdgeAuditEvent Alice -Path $file", 0)]
    [InlineData("Get-PgEdgeAuditEvent AL* -Path $file", 2)]
    [InlineData("Get-PgEdgeAuditEvent '[' -Path $file", 0)]
    [InlineData("'alice', 'bob' | Get-PgEdgeAuditEvent -Path $file", 3)]
    [InlineData("Get-PgEdgeUser b* -Path $file | Get-PgEdgeAuditEvent", 1)]
    [InlineData("Get-PgEdgeAuditEvent -Event UserDisabled -Path $file", 2)]
    [InlineData("Get-PgEdgeAuditEvent -Event userenabled, UserDisabled -Path $file", 3)]
    [InlineData("Get-PgEdgeAuditEvent alice -Event UserEnabled -Path $file", 1)]
    [InlineData("Get-PgEdgeAuditEvent -After ([datetime]::Now.AddMinutes(-5)) -Path $file", 3)]
    [InlineData("Get-PgEdgeAuditEvent -After ([datetime]::Now.AddMinutes(5)) -Path $file", 0)]
    [InlineData("Get-PgEdgeAuditEvent -After ([datetime]::UtcNow.AddMinutes(-5)) -Before ([datetime]::UtcNow.AddMinutes(5)) -Path $file", 3)]
    [InlineData("Get-PgEdgeAuditEvent -Before ([datetime]::Now.AddMinutes(-5)) -Path $file", 0)]
    [InlineData("Get-PgEdgeAuditEvent -Before 2001-01-01 -Path $file", 0)]
    [InlineData("Get-PgEdgeAuditEvent -AuditPath ($file + '.audit.jsonl') -Path ./no.yaml", 3)]
    [InlineData("Get-PgEdgeAuditEvent -Path ./no.yaml", 0)]
    public void Events_are_chosen_by_user_kind_and_time(string script, int count)
    {
        Run("Disable-PgEdgeUser alice, bob -Path $file; Enable-PgEdgeUser alice -Path $file").Ok();

        Assert.Equal(count, Run(script).Ok().Output.Count);
    }

    [Fact]
    public void After_includes_its_moment_and_Before_does_not()
    {
        Run("Disable-PgEdgeUser alice -Path $file; $time = (Get-PgEdgeAuditEvent -Path $file).Time").Ok();

        Assert.Single(Run("Get-PgEdgeAuditEvent -After $time -Path $file").Ok().Output);
        Assert.Empty(Run("Get-PgEdgeAuditEvent -Before $time -Path $file").Ok().Output);
    }

    [Fact]
    public void A_kind_of_event_that_there_is_not_is_refused()
    {
        Assert.StartsWith("ParameterArgumentValidationError,", Run("Get-PgEdgeAuditEvent -Event Breakfast -Path $file").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_can_be_named_by_parameter_and_by_environment()
    {
        _environment.Set(Variable, Path.Combine(Store.Folder, "by-environment.jsonl"));
        Run("Disable-PgEdgeUser alice -Path $file").Ok();
        Run("Disable-PgEdgeUser bob -AuditPath ./by-parameter.jsonl -Path $file").Ok();

        Assert.False(File.Exists(Beside));
        Assert.Equal(["alice"], Run("Get-PgEdgeAuditEvent -Path $file | ForEach-Object Username").Ok().Texts);
        Assert.Equal(["bob"], Run("Get-PgEdgeAuditEvent -AuditPath ./by-parameter.jsonl -Path $file | ForEach-Object Username").Ok().Texts);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("OFF")]
    public void The_environment_can_turn_it_off_and_the_parameter_on_again(string off)
    {
        _environment.Set(Variable, off);
        Run("Disable-PgEdgeUser alice -Path $file; New-PgEdgeSession $login -Path $file -ErrorAction Ignore; Get-PgEdgeAuditEvent -Path $file").Ok();
        Assert.False(File.Exists(Beside));

        Run("Enable-PgEdgeUser alice -AuditPath ./audit.jsonl -Path $file").Ok();

        Assert.Single(File.ReadAllLines(Path.Combine(Store.Folder, "audit.jsonl")));
    }

    [Fact]
    public void It_can_be_left_out_for_one_command()
    {
        Run("Disable-PgEdgeUser alice -NoAudit -Path $file; New-PgEdgeSession $login -NoAudit -Path $file -ErrorAction Ignore").Ok();

        Assert.False(File.Exists(Beside));
    }

    [Fact]
    public void Where_it_cannot_be_written_that_is_warned_of_and_the_edit_is_made_all_the_same()
    {
        Directory.CreateDirectory(Beside);

        var result = Run("Disable-PgEdgeUser alice -PassThru -Path $file").Ok();

        Assert.Equal(["alice"], result.Texts);
        Assert.Equal("false", Store.Field("alice", "enabled"));
        Assert.Contains("was done all the same", result.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(2, result.Warnings.Count);
    }

    [Fact]
    public void The_user_file_is_no_audit_file()
    {
        var result = Run("Set-PgEdgeUser alice -Annotation Lead -AuditPath $file -Path $file").Ok();

        Assert.Equal(Store.With("Developer", "Lead"), Store.Text);
        Assert.Contains("it is the user file", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData(".sessions.json")]
    public void Nor_is_what_belongs_to_it(string suffix)
    {
        var result = Run($"Set-PgEdgeUser alice -Annotation Lead -AuditPath \"$file{suffix}\" -Path $file").Ok();

        Assert.Contains("belongs to it", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("AnnotationSet", File.Exists(Store.Path + suffix) ? File.ReadAllText(Store.Path + suffix) : "", StringComparison.Ordinal);
        Assert.Equal(["alice"], Run("New-PgEdgeSession $login -Path $file").Ok().Texts);
    }

    [Fact]
    public void It_is_read_once_for_all_that_is_asked_of_it()
    {
        Run("Disable-PgEdgeUser alice, bob -Path $file -WarningAction Ignore").Ok();
        Define("audit", Beside);

        Assert.Equal(["bob", "alice"], Run("'bob', 'alice' | Get-PgEdgeAuditEvent -Path $file | ForEach-Object { [IO.File]::Delete($audit); $_.Username }").Ok().Texts);
    }

    [Fact]
    public void A_warning_that_stops_the_pipeline_comes_after_all_that_was_done()
    {
        Directory.CreateDirectory(Beside);
        using var second = new SampleFile();
        Define("second", second.Path);

        var result = Run("""
            & { Get-PgEdgeUser bob -Path $file; Get-PgEdgeUser bob -Path $second } |
                Set-PgEdgeUser -GeneratePassword -WarningAction Stop | ForEach-Object { "$($_.Path) $($_.GeneratedPassword)" }
            """);

        Assert.Equal([$"{Store.Path} System.Security.SecureString", $"{second.Path} System.Security.SecureString"], result.Texts);
        Assert.Single(result.Errors);
    }

    [Fact]
    public void Where_it_cannot_be_written_sign_in_goes_on()
    {
        var result = Run("New-PgEdgeSession $login -AuditPath ./no/audit.jsonl -Path $file");

        Assert.Equal(["alice"], result.Ok().Texts);
        Assert.Contains("could not be written", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser alice -AuditPath Env:\\audit -Path $file")]
    [InlineData("Disable-PgEdgeUser alice -AuditPath no-such-drive:\\audit -Path $file")]
    [InlineData("New-PgEdgeSession $login -AuditPath Variable:audit -Path $file")]
    public void A_path_that_is_no_file_is_refused_before_anything_is_done(string script)
    {
        Assert.StartsWith("InvalidUserFilePath,", Run(script).Error.FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void That_there_is_no_audit_file_is_said_once_and_not_where_it_only_has_no_such_event()
    {
        Assert.Equal([$"There is no audit file '{Beside}': nothing has been recorded there."], Run("'alice', 'bob' | Get-PgEdgeAuditEvent -Path $file").Ok().Warnings);

        _environment.Set(Variable, "off");
        Assert.Contains("$env:PGEDGE_AUTH_AUDIT_FILE is 'off'", Assert.Single(Run("Get-PgEdgeAuditEvent -Path $file").Ok().Warnings), StringComparison.Ordinal);

        _environment.Set(Variable, null);
        Assert.Empty(Run("Set-PgEdgeUser alice -Annotation Lead -Path $file; Get-PgEdgeAuditEvent bob -Path $file").Ok().Warnings);
        File.WriteAllText(Beside, "");
        Assert.Empty(Run("Get-PgEdgeAuditEvent -Path $file").Ok().Warnings);
    }

    [Fact]
    public void An_audit_file_that_cannot_be_read_is_a_clear_error()
    {
        Directory.CreateDirectory(Beside);

        var error = Run("Get-PgEdgeAuditEvent -Path $file").Error;

        Assert.Equal($"'{Beside}' is a folder, not an audit file. Name another with -AuditPath.", error.ToString());
        Assert.Equal(("AuditFailed,PgEdgeUsers.Commands.GetPgEdgeAuditEventCommand", ErrorCategory.WriteError), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
    }

    [Fact]
    public void Names_are_shown_with_their_control_characters_made_visible()
    {
        Define("name", "eve\u001b[2J\r\nUserAdded root");

        var result = Run("New-PgEdgeSession -Username $name -Password $wrong -Path $file -ErrorAction Ignore; Get-PgEdgeAuditEvent -Path $file | Out-Default; Get-PgEdgeAuditEvent -Path $file");

        Assert.Equal("eve\u001b[2J\r\nUserAdded root", Assert.Single(result.Ok().Output)!.Properties["Username"].Value);
        Assert.Contains(@"eve\u{1B}[2J\u{D}", Host.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", Host.Screen, StringComparison.Ordinal);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync()
    {
        _environment.Dispose();
        return Task.CompletedTask;
    }
}
