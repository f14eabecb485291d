using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>What Set-, Enable-, Disable- and Remove-PgEdgeUser do to a file, each in its own way.</summary>
public sealed class ChangeUserTests : ShellTest
{
    [Theory]
    [InlineData("Disable-PgEdgeUser alice -Path $file")]
    [InlineData("Disable-PgEdgeUser -Username alice -UserFile $file")]
    [InlineData("Disable-PgEdgeUser -Name alice -FilePath $file")]
    [InlineData("Disable-PgEdgeUser -User AL* -PSPath $file")]
    [InlineData("'alice' | Disable-PgEdgeUser -Path $file")]
    [InlineData("[pscustomobject]@{ Username = 'alice'; Path = $file } | Disable-PgEdgeUser")]
    [InlineData("Get-PgEdgeUser alice -Path $file | Disable-PgEdgeUser")]
    public void Disabling_changes_one_word(string script)
    {
        Assert.Empty(Run(script).Ok().Output);

        Assert.Equal(Store.With("last_login: 2024-11-14T09:30:00Z\n        enabled: true", "last_login: 2024-11-14T09:30:00Z\n        enabled: false"), Store.Text);
    }

    [Theory]
    [InlineData("Enable-PgEdgeUser charlie -Path $file")]
    [InlineData("'charlie' | Enable-PgEdgeUser -Path $file")]
    [InlineData("Get-PgEdgeUser -Status Disabled -Path $file | Enable-PgEdgeUser")]
    public void Enabling_lets_in_and_starts_to_count_failures_anew(string script)
    {
        Assert.Empty(Run(script).Ok().Output);

        Assert.Equal(
            Store.With("enabled: false", "enabled: true").Replace("failed_attempts: 3", "failed_attempts: 0", StringComparison.Ordinal), Store.Text);
    }

    [Fact]
    public void Enabling_an_enabled_user_forgets_failed_attempts_too()
    {
        Store.Write(Store.With("Developer\n        failed_attempts: 0", "Developer\n        failed_attempts: 2"));

        Run("Enable-PgEdgeUser alice -Path $file").Ok();

        Assert.Equal("0", Store.Field("alice", "failed_attempts"));
    }

    [Fact]
    public void A_note_that_breaks_the_rules_may_stay_as_it_is()
    {
        Store.Write(Store.With("annotation: Developer", "annotation: \"two\\nlines\""));

        Assert.Equal(["alice"], Run("Get-PgEdgeUser alice -Path $file | ForEach-Object { Set-PgEdgeUser $_ -Annotation $_.Annotation -PassThru }").Ok().Texts);

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser bob -Path $file")]
    [InlineData("Repair-PgEdgeUserFile $file")]
    public async Task A_change_that_may_not_stay_is_warned_of(string script)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Store.Write(Store.With("        username: alice\n", "        username: Alice\n"));
        var (file, isWatched) = (Store.Path, Store.Path + ".watched");
        // Watches the folder, as a server does, and takes the file away as soon as it is another.
        var watching = Task.Run(() => ChildShell.Run(Store.Folder, $$"""
            $watcher = [System.IO.FileSystemWatcher]::new('{{Store.Folder}}')
            $watcher.EnableRaisingEvents = $true
            $before = [System.IO.File]::GetLastWriteTimeUtc('{{file}}')
            [System.IO.File]::WriteAllText('{{isWatched}}', '')
            $null = [System.Threading.SpinWait]::SpinUntil({ [System.IO.File]::GetLastWriteTimeUtc('{{file}}') -ne $before })
            [System.IO.File]::Delete('{{file}}')
            """));
        while (!File.Exists(isWatched) && !watching.IsCompleted)
            await Task.Delay(10);

        var warnings = Run(script).Warnings;

        File.Delete(file);
        Assert.Equal((0, ""), ((await watching).ExitCode, (await watching).Errors));
        Assert.Single(warnings, warning => warning.StartsWith($"It is not sure that the change to the user file '{file}' stays: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Set-PgEdgeUser alice -Annotation 'Lead: #1' -Path $file")]
    [InlineData("Set-PgEdgeUser alice -Note 'Lead: #1' -Path $file")]
    [InlineData("Set-PgEdgeUser alice -UserNote 'Lead: #1' -Path $file")]
    [InlineData("Set-PgEdgeUser alice -Description 'Lead: #1' -Path $file")]
    [InlineData("'alice' | Set-PgEdgeUser -Annotation 'Lead: #1' -Path $file")]
    [InlineData("Get-PgEdgeUser alice -Path $file | Set-PgEdgeUser -Annotation 'Lead: #1'")]
    public void A_note_is_set(string script)
    {
        Assert.Empty(Run(script).Ok().Output);

        Assert.Equal(Store.With("Developer", "\"Lead: #1\""), Store.Text);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("$null")]
    public void A_note_is_cleared(string nothing)
    {
        Run($"Set-PgEdgeUser alice -Annotation {nothing} -Path $file").Ok();

        Assert.Equal(Store.With("Developer", "\"\""), Store.Text);
    }

    [Theory]
    [InlineData("-Annotation { $_.Username }")]
    [InlineData("-Annotation @{ a = 'x' }")]
    [InlineData("-Password $undefined -Annotation left")]
    public void What_can_only_be_a_slip_is_refused(string parameters)
    {
        Assert.StartsWith("ParameterArgument", Run($"Set-PgEdgeUser alice {parameters} -Path $file").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("two`nlines")]
    [InlineData("e`e[31mscape")]
    [InlineData("`u{202E}reversed")]
    [InlineData("line`u{2028}separator")]
    public void A_note_that_breaks_the_rules_is_refused(string note)
    {
        var error = Run($"Set-PgEdgeUser alice -Annotation \"{note}\" -Path $file").Error;

        Assert.Equal("InvalidAnnotation,PgEdgeUsers.Commands.SetPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_password_is_set_and_lets_the_user_in()
    {
        Define("password", Secret.Of("seven quiet lanterns"));

        Run("Set-PgEdgeUser alice -Password $password -Path $file").Ok();

        Assert.Matches("^\\$2a\\$12\\$.{53}$", Store.Field("alice", "password_hash"));
        Assert.Equal("Developer", Store.Field("alice", "annotation"));
        Define("login", Secret.Login("alice", "seven quiet lanterns"));
        Assert.Equal(["alice"], Run("New-PgEdgeSession $login -Path $file").Ok().Texts);
    }

    [Fact]
    public void With_nothing_to_set_the_password_is_asked_for_twice()
    {
        Host.Answer("seven quiet lanterns", "seven quiet lanterns");

        Run("Set-PgEdgeUser alice -Path $file").Ok();

        Assert.Equal(["Password", "Password again"], Host.Questions);
        Assert.Matches("^\\$2a\\$12\\$.{53}$", Store.Field("alice", "password_hash"));
    }

    [Theory]
    [InlineData("elephant parade at noon", "PasswordMismatch", ErrorCategory.InvalidData)]
    [InlineData(null, "PasswordRequired", ErrorCategory.InvalidArgument)]
    public void A_second_entry_that_differs_or_is_missing_changes_nothing(string? second, string id, ErrorCategory category)
    {
        Host.Answer(second is null ? ["seven quiet lanterns"] : ["seven quiet lanterns", second]);

        var error = Run("Set-PgEdgeUser alice -Path $file").Error;

        Assert.Equal($"{id},PgEdgeUsers.Commands.SetPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_password_that_is_refused_leaves_the_note_as_it_was_too()
    {
        Define("password", Secret.Of("short"));

        var error = Run("Set-PgEdgeUser alice -Password $password -Annotation Lead -Path $file").Error;

        Assert.Equal("PasswordRejected,PgEdgeUsers.Commands.SetPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Remove-PgEdgeUser bob -Path $file -Confirm:$false")]
    [InlineData("'bob' | Remove-PgEdgeUser -Path $file -Confirm:$false")]
    [InlineData("Get-PgEdgeUser b* -Path $file | Remove-PgEdgeUser -Confirm:$false")]
    [InlineData("$ConfirmPreference = 'None'; Remove-PgEdgeUser bob -Path $file")]
    public void A_removed_user_is_gone_and_the_others_stay_as_they_are(string script)
    {
        var bob = Store.Text[Store.Text.IndexOf("    bob:", StringComparison.Ordinal)..Store.Text.IndexOf("    charlie:", StringComparison.Ordinal)];

        Assert.Empty(Run(script).Ok().Output);

        Assert.Equal(Store.With(bob, ""), Store.Text);
    }

    [Theory]
    [InlineData("Set-PgEdgeUser bob -Annotation Lead -Path $file -PassThru", "Enabled", "Lead")]
    [InlineData("Enable-PgEdgeUser bob -Path $file -PassThru", "Enabled", "Admin")]
    [InlineData("Disable-PgEdgeUser bob -Path $file -PassThru", "Disabled", "Admin")]
    public void PassThru_gives_the_user_as_the_file_holds_it(string script, string status, string annotation)
    {
        Assert.Equal(["bob", status, annotation, Store.Path], Run(script).Ok().Show("Username", "Status", "Annotation", "Path"));
    }

    [Fact]
    public void A_user_chosen_twice_is_changed_once()
    {
        Assert.Equal(["bob", "alice"], Run("'bob', 'b*', '[ab]*' | Disable-PgEdgeUser -Path $file -PassThru").Ok().Texts);
    }

    [Fact]
    public void Odd_names_that_are_there_can_be_changed_and_removed()
    {
        Store.Write(Store.With("    bob:", "    \"-a \\e[1m\":"));

        Run("Disable-PgEdgeUser \"-a `e[1m\" -Path $file").Ok();
        Assert.Equal("false", Store.Field("\"-a \\e[1m\"", "enabled"));
        Run("Remove-PgEdgeUser \"-a `e[1m\" -Path $file -Confirm:$false").Ok();

        Assert.Equal(["alice", "charlie"], Store.Names);
    }
}
