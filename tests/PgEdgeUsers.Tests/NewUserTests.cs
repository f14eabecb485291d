using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class NewUserTests : ShellTest
{
    private const string Good = "seven quiet lanterns";

    public NewUserTests()
    {
        Define("password", Secret.Of(Good));
        Define("login", Secret.Login("dora", Good));
    }

    [Theory]
    [InlineData("New-PgEdgeUser dora -Password $password -Annotation 'Night shift' -Path $file")]
    [InlineData("[pscustomobject]@{ Name = 'dora'; Password = $password; Note = 'Night shift'; Path = $file } | New-PgEdgeUser")]
    [InlineData("New-PgEdgeUser -Credential $login -Description 'Night shift' -Path $file")]
    [InlineData("New-PgEdgeUser $login -Annotation 'Night shift' -Path $file")]
    [InlineData("$login | New-PgEdgeUser -UserNote 'Night shift' -Path $file")]
    public void A_new_user_stands_behind_the_others_as_the_server_writes_them(string script)
    {
        var before = Store.Text;

        var result = Run(script).Ok();

        Assert.Equal(
            ["dora", "Enabled", "(null)", "0", "Night shift", Store.Path],
            result.Show("Username", "Status", "LastLogin", "FailedAttempts", "Annotation", "Path"));
        Assert.InRange((DateTime)result.Output[0]!.Properties["CreatedAt"].Value, Started, DateTime.Now);
        Assert.StartsWith(before, Store.Text, StringComparison.Ordinal);
        Assert.Matches(
            """
            ^    dora:
                    username: dora
                    password_hash: \$2a\$12\$[./A-Za-z0-9]{53}
                    created_at: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z
                    last_login: null
                    enabled: true
                    annotation: Night shift
                    failed_attempts: 0
            $
            """.ReplaceLineEndings("\n"),
            Store.Text[before.Length..]);
    }

    [Fact]
    public void Several_new_users_come_in_the_order_of_the_input()
    {
        string[] names = ["no", "O'Brien", "日本", "1e3"];
        Define("names", names);

        Assert.Equal(names, Run("$names | New-PgEdgeUser -Password $password -Path $file").Ok().Texts);

        Assert.Equal(["alice", "bob", "charlie", "\"no\"", "O'Brien", "日本", "\"1e3\""], Store.Names);
    }

    [Theory]
    [InlineData("New-PgEdgeUser $login -Path $file")]
    [InlineData("$login | New-PgEdgeUser -Path $file")]
    public void A_credential_brings_its_password_along(string script)
    {
        Run(script).Ok();

        Assert.Equal(["dora"], Run("New-PgEdgeSession $login -Path $file").Ok().Texts);
    }

    [Theory]
    [InlineData("New-PgEdgeUser $login -GeneratePassword -Path $file")]
    [InlineData("Set-PgEdgeUser $login -Annotation x -Path $file")]
    public void A_credential_is_not_a_name(string script)
    {
        Define("login", Secret.Login("alice", Good));

        Assert.Contains("A credential is not the name of a user.", Run(script).Error.ToString(), StringComparison.Ordinal);

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("-Disabled")]
    [InlineData("-Status Disabled")]
    [InlineData("-Status Enabled -Disabled")]
    [InlineData("-Status Disabled -Disabled:$false")]
    public void A_user_can_be_made_who_may_not_sign_in_yet(string parameters)
    {
        Assert.Equal(["Disabled"], Run($"New-PgEdgeUser dora -Password $password {parameters} -Path $file").Ok().Show("Status"));
        Assert.Equal("false", Store.Field("dora", "enabled"));
    }

    [Theory]
    [InlineData("Get-PgEdgeUser -Path $file")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PgEdgeUser -Path $file)))")]
    [InlineData("Get-PgEdgeUser -Path $file | ForEach-Object { [pscustomobject]@{ Username = $_.Username; Status = \"$($_.Status)\"; Annotation = $_.Annotation; Path = $_.Path } }")]
    public void Users_are_copied_to_another_file_as_they_are(string users)
    {
        var copies = Run($"{users} | New-PgEdgeUser -Password $password -Path copy.yaml | ForEach-Object {{ \"$($_.Username) $($_.Status) $($_.Annotation)\" }}").Ok();

        Assert.Equal(["alice Enabled Developer", "bob Enabled Admin", "charlie Disabled Former emp"], copies.Texts);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("'Locked'")]
    [InlineData("'7'")]
    [InlineData("'1'")]
    [InlineData("''")]
    [InlineData("$null")]
    public void A_status_that_is_none_is_an_error_and_enables_nobody(string status)
    {
        var error = Run($"[pscustomobject]@{{ Username = 'dora'; Password = $password; Status = {status} }} | New-PgEdgeUser -Path $file").Error;

        Assert.EndsWith("Enabled or Disabled is needed.", error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("$false", "false")]
    [InlineData("$true", "true")]
    [InlineData("'False'", "false")]
    [InlineData("'True'", "true")]
    public void Accounts_of_other_systems_say_whether_they_are_enabled(string enabled, string expected)
    {
        Run($"[pscustomobject]@{{ Name = 'dora'; Password = $password; Enabled = {enabled} }} | New-PgEdgeUser -Path $file").Ok();

        Assert.Equal(expected, Store.Field("dora", "enabled"));
    }

    [Theory]
    [InlineData("en", "true")]
    [InlineData("dis", "false")]
    public void A_status_may_be_shortened_as_anywhere(string status, string expected)
    {
        Run($"New-PgEdgeUser dora -Password $password -Status {status} -Path $file").Ok();

        Assert.Equal(expected, Store.Field("dora", "enabled"));
    }

    [Fact]
    public void A_script_block_is_no_value_and_the_message_says_what_to_do_instead()
    {
        var error = Run("[pscustomobject]@{ Username = 'bob'; Note2 = 'x' } | Set-PgEdgeUser -Annotation { $_.Note2 } -Path $file").Error;

        Assert.Contains("ForEach-Object", error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void The_password_is_asked_for_twice()
    {
        Host.Answer(Good, Good);

        Run("New-PgEdgeUser dora -Path $file").Ok();

        Assert.Equal(["Password", "Password again"], Host.Questions);
        Assert.Equal(["dora"], Run("New-PgEdgeSession $login -Path $file").Ok().Texts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    public void Two_entries_that_differ_in_one_character_are_an_error(int position)
    {
        Host.Answer(Good, Good.Remove(position, 1).Insert(position, "x"));

        var error = Run("New-PgEdgeUser dora -Path $file").Error;

        Assert.Equal(("PasswordMismatch,PgEdgeUsers.Commands.NewPgEdgeUserCommand", ErrorCategory.InvalidData), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Each_of_several_users_is_asked_about()
    {
        Host.Answer(Good, "another guess entirely", "weak", "weak");

        var result = Run("'dora', 'bob', 'erin', 'frank' | New-PgEdgeUser -Path $file");

        Assert.Equal(
            ["PasswordMismatch,NewPgEdgeUser: dora", "UserExists,NewPgEdgeUser: bob", "PasswordRejected,NewPgEdgeUser: erin", "PasswordRequired,NewPgEdgeUser: frank"],
            result.Failures);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Where_nobody_can_be_asked_a_missing_password_is_an_error()
    {
        var error = Run("New-PgEdgeUser dora -Path $file").Error;

        Assert.Equal("PasswordRequired,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("-Password", error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("Alice")]
    [InlineData("ALICE")]
    [InlineData("ａlice")]
    public void A_name_that_is_taken_or_looks_so_is_refused(string name)
    {
        var error = Run($"New-PgEdgeUser '{name}' -Password $password -Path $file").Error;

        Assert.Equal("UserExists,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'   '")]
    [InlineData("'Null'")]
    [InlineData("'~'")]
    [InlineData("'<<'")]
    [InlineData("'-a'")]
    [InlineData("'a/b'")]
    [InlineData("'a:b'")]
    [InlineData("\"a`nb\"")]
    [InlineData("\"a`0b\"")]
    [InlineData("\"a`e[1m\"")]
    [InlineData("\"a`u{200B}b\"")]
    [InlineData("\"a`u{202E}b\"")]
    [InlineData("\"e`u{301}\"")]
    [InlineData("([string][char]0xD800)")]
    [InlineData("('a' * 65)")]
    public void A_name_that_breaks_the_rules_is_refused(string name)
    {
        var error = Run($"New-PgEdgeUser {name} -Password $password -Path $file").Error;

        Assert.Equal("InvalidUsername,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.DoesNotContain(error.ToString(), char.IsControl);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("\"two`r`nlines\"")]
    [InlineData("\"e`e[2J\"")]
    [InlineData("('a' * 1025)")]
    public void A_note_that_breaks_the_rules_is_refused_before_a_password_is_asked_for(string note)
    {
        var error = Run($"New-PgEdgeUser dora -Annotation {note} -Path $file").Error;

        Assert.Equal("InvalidAnnotation,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("fourteen chars")]
    [InlineData("abcdefghijklmnopqrstuvwxyz")]
    [InlineData("tellertellertellerteller")]
    [InlineData("confidante-confidante")]
    [InlineData("日日日日日日日日日日日日日日日日日日日日日日日日日")]
    [InlineData("with\0a nul in the middle")]
    public void A_password_that_breaks_the_rules_is_refused(string weak)
    {
        Define("password", Secret.Of(weak));

        var error = Run("New-PgEdgeUser confidante -Password $password -Path $file").Error;

        Assert.Equal("PasswordRejected,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Equal("confidante", error.TargetObject);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("$text | ForEach-Object { New-PgEdgeUser dora -Password $_ -Path $file }")]
    [InlineData("[pscustomobject]@{ Username = 'dora'; Password = $text } | New-PgEdgeUser -Path $file")]
    [InlineData("[pscustomobject]@{ Username = 'alice'; Password = $text } | New-PgEdgeSession -Path $file")]
    [InlineData("Set-PgEdgeUser alice -Password $text -Path $file")]
    [InlineData("New-PgEdgeSession -Username alice -Password $text -Path $file")]
    public void A_password_as_plain_text_is_refused_and_not_shown(string script)
    {
        const string Canary = "canary in the coal mine";
        _ = Secret.Of(Canary);
        Define("text", Canary);

        var error = Run(script).Error;

        Assert.StartsWith("PlainTextPassword,PgEdgeUsers.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("SecureString", error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_file_that_is_not_there_is_made_for_its_owner_alone()
    {
        var fresh = Path.Combine(Store.Folder, "fresh.yaml");
        Define("fresh", fresh);

        Assert.Equal(["dora"], Run("New-PgEdgeUser dora -Password $password -Path $fresh").Ok().Texts);

        Assert.StartsWith("users:\n    dora:\n        username: dora\n", File.ReadAllText(fresh), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fresh));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_made()
    {
        var error = Run("New-PgEdgeUser dora -Password $password -Path ./no/users.yaml").Error;

        Assert.Equal("UserFileNotFound,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal([Store.Path], Directory.GetFileSystemEntries(Store.Folder));
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("No", "true")]
    [InlineData("", "true")]
    public void A_column_of_text_says_whether_a_user_is_disabled(string disabled, string enabled)
    {
        Define("row", new { Username = "dora", Disabled = disabled });
        Define("password", Secret.Of("seven quiet lanterns"));

        Run("$row | New-PgEdgeUser -Password $password -Path $file").Ok();

        Assert.Equal(enabled, Store.Field("dora", "enabled"));
    }
}
