using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>A pipeline is one transaction: one read, one replacement of the file, or none.</summary>
public sealed class TransactionTests : ShellTest
{
    public static TheoryData<string> Changes => new(
        "Disable-PgEdgeUser -Path $file", "Set-PgEdgeUser -Annotation Lead -Path $file", "Remove-PgEdgeUser -Path $file -Confirm:$false");

    [Fact]
    public void Users_whom_a_command_before_it_adds_one_by_one_are_there_for_the_next()
    {
        Define("password", Secret.Of("seven quiet lanterns"));

        Run("1..3 | ForEach-Object { New-PgEdgeUser \"new$_\" -Password $password -Path $file } | Disable-PgEdgeUser -Path $file -WarningAction Ignore").Ok();

        Assert.Equal(("false", "false", "false"), (Store.Field("new1", "enabled"), Store.Field("new2", "enabled"), Store.Field("new3", "enabled")));
    }

    [Fact]
    public void Changes_so_far_are_kept_when_the_file_changes_under_a_pipeline()
    {
        Run("'alice', 'bob' | ForEach-Object { Set-PgEdgeUser charlie -Annotation \"seen $_\" -Path $file; $_ } | Disable-PgEdgeUser -Path $file -WarningAction Ignore").Ok();

        Assert.Equal(("false", "false", "seen bob"), (Store.Field("alice", "enabled"), Store.Field("bob", "enabled"), Store.Field("charlie", "annotation")));
    }

    [Fact]
    public void What_if_sees_the_changes_so_far_when_the_file_changes_under_a_pipeline()
    {
        var result = Run("'dora', 'dora' | ForEach-Object { Set-PgEdgeUser charlie -Annotation \"seen $([guid]::NewGuid())\" -Path $file; $_ } | New-PgEdgeUser -WhatIf -Path $file");

        Assert.Equal(["UserExists,NewPgEdgeUser: dora"], result.Failures);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_name_that_is_not_there_does_not_stop_the_others(string change)
    {
        var result = Run($"'alice', 'dora', 'bob', 'x*', 'Bob' | {change}");

        Assert.Equal(["UserNotFound: dora", "UserNotFound: Bob"], result.Errors.Select(e => $"{e.FullyQualifiedErrorId.Split(',')[0]}: {e.TargetObject}"));
        Assert.All(result.Errors, e => Assert.Equal(ErrorCategory.ObjectNotFound, e.CategoryInfo.Category));
        Assert.Equal(Store.Names.Contains("alice"), Store.Names.Contains("bob"));
        Assert.False(Store.IsUntouched);
        Assert.Equal("false", Store.Field("charlie", "enabled"));
    }

    [Fact]
    public void Nor_does_it_when_users_are_enabled()
    {
        Assert.Equal(["UserNotFound,EnablePgEdgeUser: dora"], Run("'dora', 'charlie' | Enable-PgEdgeUser -Path $file").Failures);

        Assert.Equal("true", Store.Field("charlie", "enabled"));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Under_ErrorAction_Stop_one_bad_name_keeps_all_from_being_changed(string change)
    {
        Assert.Equal("dora", Run($"'alice', 'bob', 'dora', 'charlie' | {change} -ErrorAction Stop").Error.TargetObject);
        Assert.True(Store.IsUntouched);

        Assert.Equal("dora", Run($"$ErrorActionPreference = 'Stop'; 'alice', 'bob', 'dora' | {change}").Error.TargetObject);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Under_ErrorAction_Stop_one_bad_new_user_keeps_all_from_being_added()
    {
        Define("password", Secret.Of("seven quiet lanterns"));

        var error = Run("'dora', 'erin', 'bob' | New-PgEdgeUser -Password $password -Path $file -ErrorAction Stop").Error;

        Assert.Equal("UserExists,PgEdgeUsers.Commands.NewPgEdgeUserCommand", error.FullyQualifiedErrorId);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void All_of_a_pipeline_is_one_writing_at_its_end()
    {
        Define("version", (Func<string, long>)SampleFile.Version);

        var result = Run("""
            $before = $version.Invoke($file)
            $seen = @()
            'alice', 'bob' | ForEach-Object { $_; $seen += $version.Invoke($file) } -End { $seen += $version.Invoke($file) } |
                Set-PgEdgeUser -Annotation Lead -Path $file -PassThru -Verbose | ForEach-Object { $version.Invoke($file) }
            $version.Invoke($file)
            "changed early: " + ($seen -ne $before).Count
            """).Ok();

        Assert.Equal("changed early: 0", result.Texts[^1]);
        Assert.Single(result.Texts.SkipLast(1).Distinct());
        Assert.Single(result.Verbose, v => v == $"Users changed in the user file '{Store.Path}': 2.");
        Assert.Single(result.Verbose, v => v == $"The file was written under the lock of '{Store.Path}.lock' and has {new FileInfo(Store.Path).Length} bytes now.");
        Assert.Equal(["Lead", "Lead # of the night shift", "Former emp"], Store.Names.Select(name => Store.Field(name, "annotation")));
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser charlie -Path $file -PassThru", "charlie")]
    [InlineData("Enable-PgEdgeUser alice, bob -Path $file -PassThru", "alice bob")]
    [InlineData("Set-PgEdgeUser alice -Annotation Developer -Path $file -PassThru", "alice")]
    [InlineData("Remove-PgEdgeUser x* -Path $file -Confirm:$false", "")]
    [InlineData("@() | Disable-PgEdgeUser -Path $file", "")]
    public void What_is_so_already_is_not_written(string script, string passed)
    {
        Assert.Equal(passed, string.Join(' ', Run(script).Ok().Texts));

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser * -Path $file -WhatIf", 3)]
    [InlineData("Enable-PgEdgeUser charlie -Path $file -WhatIf", 1)]
    [InlineData("Set-PgEdgeUser alice, bob -Annotation Lead -Path $file -WhatIf", 2)]
    [InlineData("Set-PgEdgeUser alice -Path $file -WhatIf", 1)]
    [InlineData("Remove-PgEdgeUser alice, bob -Path $file -WhatIf", 2)]
    [InlineData("New-PgEdgeUser dora -Path $file -WhatIf", 1)]
    [InlineData("Set-PgEdgeUser alice -GeneratePassword -Path $file -WhatIf", 1)]
    [InlineData("New-PgEdgeSession -Username alice -Password $right -Path $file -WhatIf", 1)]
    [InlineData("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 1 -Path $file -WhatIf", 1)]
    [InlineData("$WhatIfPreference = $true; New-PgEdgeSession -Username alice -Password $right -Path $file", 1)]
    [InlineData("$WhatIfPreference = $true; Disable-PgEdgeUser alice -Path $file", 1)]
    public void WhatIf_asks_nothing_and_changes_nothing(string script, int lines)
    {
        Define("right", Secret.Of(SampleFile.AlicePassword));
        Define("wrong", Secret.Of("not the right password"));

        Assert.Empty(Run(script).Ok().Output);

        Assert.True(Store.IsUntouched);
        Assert.Equal(lines, Host.Screen.Split('\n').Count(line => line.StartsWith("What if: ", StringComparison.Ordinal)));
        Assert.Contains(Store.Path, Host.Screen, StringComparison.Ordinal);
        Assert.Empty(Host.Questions);
        Assert.Equal([Store.Path], Directory.GetFiles(Store.Folder));
    }

    [Theory]
    [InlineData("'dora', 'erin', 'dora'", "dora")]
    [InlineData("'dora', 'Dora'", "Dora")]
    public void WhatIf_refuses_a_name_that_is_added_twice_as_a_real_run_does(string names, string refused)
    {
        Define("password", Secret.Of("seven quiet lanterns"));
        string[] expected = [$"UserExists,NewPgEdgeUser: {refused}"];

        Assert.Equal(expected, Run($"{names} | New-PgEdgeUser -Path $file -WhatIf").Failures);
        Assert.Equal(expected, Run($"& {{ $WhatIfPreference = $true; {names} | New-PgEdgeUser -Path $file }}").Failures);
        Assert.True(Store.IsUntouched);
        Assert.Equal(expected, Run($"{names} | New-PgEdgeUser -Password $password -Path $file").Failures);
    }

    [Fact]
    public void WhatIf_tells_what_could_not_be_done()
    {
        var result = Run("Set-PgEdgeUser alice -Annotation \"a`nb\" -Path $file -WhatIf; Disable-PgEdgeUser nobody -Path $file -WhatIf");

        Assert.Equal(["InvalidAnnotation,SetPgEdgeUser: alice", "UserNotFound,DisablePgEdgeUser: nobody"], result.Failures);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Errors_come_in_the_order_of_the_input()
    {
        Define("password", Secret.Of("seven quiet lanterns"));
        Define("weak", Secret.Of("weak"));

        var result = Run("""
            [pscustomobject]@{ Username = 'a b'; Password = $password },
            [pscustomobject]@{ Username = 'bob'; Password = $password },
            [pscustomobject]@{ Username = 'dora'; Password = $password },
            [pscustomobject]@{ Username = 'erin'; Password = $weak },
            [pscustomobject]@{ Username = 'Dora'; Password = $password } | New-PgEdgeUser -Path $file
            """);

        Assert.Equal(["dora"], result.Texts);
        Assert.Equal(
            ["InvalidUsername,NewPgEdgeUser: a b", "UserExists,NewPgEdgeUser: bob", "PasswordRejected,NewPgEdgeUser: erin", "UserExists,NewPgEdgeUser: Dora"],
            result.Failures);
        Assert.Equal(["alice", "bob", "charlie", "dora"], Store.Names);
    }

    [Fact]
    public void A_pipeline_over_two_files_changes_both()
    {
        var other = Path.Combine(Store.Folder, "other.yaml");
        File.Copy(Store.Path, other);
        Define("other", other);

        Run("& { Get-PgEdgeUser alice -Path $file; Get-PgEdgeUser bob -Path $other } | Disable-PgEdgeUser").Ok();

        Assert.Equal(["false", "true", "false"], Store.Names.Select(name => Store.Field(name, "enabled")));
        Assert.Equal(Store.With("last_login: null\n        enabled: true", "last_login: null\n        enabled: false"), File.ReadAllText(other));
    }

    [Fact]
    public void Where_a_file_cannot_be_changed_those_before_it_are_and_those_after_it_are_not()
    {
        using var second = new SampleFile();
        using var third = new SampleFile();
        Directory.CreateDirectory(second.Path + ".lock");
        Define("files", new[] { Store.Path, second.Path, third.Path });

        var result = Run("$files | ForEach-Object { Get-PgEdgeUser bob -Path $_ } | Set-PgEdgeUser -Annotation Lead -PassThru | ForEach-Object Path");

        Assert.Equal([Store.Path], result.Texts);
        Assert.Equal(second.Path, result.Error.TargetObject);
        Assert.Equal("Lead # of the night shift", Store.Field("bob", "annotation"));
        Assert.True(second.IsUntouched);
        Assert.True(third.IsUntouched);
    }

    [Fact]
    public void A_pipeline_that_is_stopped_before_its_end_changes_nothing()
    {
        Run("'alice', 'bob' | ForEach-Object { $_ } -End { throw 'The source failed.' } | Disable-PgEdgeUser -Path $file");

        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Ctrl_C_before_the_end_of_the_input_changes_nothing()
    {
        Define("stop", (Action)Stop);

        Assert.True(Run("'alice', 'bob' | ForEach-Object { $_ } -End { $stop.Invoke(); for () { } } | Disable-PgEdgeUser -Path $file").Stopped);

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("{0} -ErrorAction Stop")]
    [InlineData("& {{ $ErrorActionPreference = 'Stop'; {0} }}")]
    public void Under_ErrorAction_Stop_nothing_is_written_or_given_when_a_user_went_before_the_end_of_the_pipeline(string form)
    {
        var without = Store.Text[..Store.Text.IndexOf("    charlie:", StringComparison.Ordinal)];
        Define("remove", () => Store.Write(without));

        var result = Run(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, form, "'alice', 'charlie' | ForEach-Object { $_ } -End { $remove.Invoke() } | Set-PgEdgeUser -Annotation Lead -Path $file -PassThru -Verbose"));

        Assert.Equal("charlie", result.Error.TargetObject);
        Assert.Empty(result.Output);
        Assert.DoesNotContain(result.Verbose, line => line.StartsWith("Users changed in", StringComparison.Ordinal));
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void What_the_pipeline_itself_removed_is_gone_for_what_follows()
    {
        Define("password", Secret.Of("seven quiet lanterns"));

        Run("Remove-PgEdgeUser bob -Path $file -Confirm:$false; New-PgEdgeUser bob -Password $password -Path $file -Disabled").Ok();

        Assert.Equal("false", Store.Field("bob", "enabled"));
    }
}
