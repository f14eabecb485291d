using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>Get-, Test- and Repair-PgEdgeUserFile as they are typed.</summary>
public sealed class UserFileTests : ShellTest
{
    private string[] Lines => [.. Host.Screen.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    /// <summary>What is beside the user file.</summary>
    private IEnumerable<string> Beside => Directory.GetFileSystemEntries(Store.Folder).Where(path => path != Store.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    private static string Owner => OperatingSystem.IsLinux() ? Environment.UserName : "";

    [Fact]
    public void A_file_is_told_with_what_is_known_of_it() => Assert.Equal(
        [Store.Path, "the parameter Path", "True", "3", "0600", Owner],
        Run("Get-PgEdgeUserFile $file").Ok().Show("Path", "Reason", "Exists", "Users", "Mode", "Owner"));

    [Fact]
    public void A_file_whose_text_is_refused_is_told_with_its_mode_and_owner()
    {
        Store.Write(Store.Text.Replace("        enabled", "\tenabled", StringComparison.Ordinal));

        var result = Run("Get-PgEdgeUserFile $file").Ok();

        Assert.Equal(["True", "(null)", "0600", Owner], result.Show("Exists", "Users", "Mode", "Owner"));
        Assert.Contains("line 8: there is a tab in the indentation. Indent with spaces.", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_as_such() => Assert.Equal(
        [Path.Combine(Store.Folder, "no.yaml"), "False", "0", "", ""],
        Run("Get-PgEdgeUserFile ./no.yaml").Ok().Show("Path", "Exists", "Users", "Mode", "Owner"));

    [Theory]
    [InlineData("", "WeakHashCost 3, WeakHashCost 11, WeakHashCost 19")]
    [InlineData("-MinimumSeverity Warning", "WeakHashCost 3, WeakHashCost 11, WeakHashCost 19")]
    [InlineData("-MinimumSeverity information", "WeakHashCost 3, WeakHashCost 11, NeverSignedIn 11, WeakHashCost 19, DisabledByLockout 19")]
    [InlineData("-MinimumSeverity Error", "")]
    public void Findings_are_those_of_at_least_the_severity_that_is_asked_for(string parameter, string expected)
    {
        var findings = Run($"Test-PgEdgeUserFile $file {parameter}").Ok().Output;

        Assert.Equal(expected, string.Join(", ", findings.Select(f => $"{f!.Properties["Id"].Value} {f.Properties["Line"].Value}")));
        Assert.True(Store.IsUntouched);
        Assert.Empty(Beside);
    }

    [Fact]
    public void A_finding_says_what_where_and_what_to_do()
    {
        Store.Write(Store.With("        username: bob\n", "        username: Bob\n"));

        var finding = Run("$found = Test-PgEdgeUserFile $file | Where-Object Id -eq KeyDiffersFromUsername; \"$found\"; $found").Ok().Output;

        Assert.Equal("The username of user 'bob' is 'Bob', but sign-in uses 'bob'.", finding[0]!.BaseObject);
        Assert.Equal("PgEdgeUsers.PgEdgeUserFileFinding", finding[1]!.TypeNames[0]);
        Assert.Equal(
            ["Id KeyDiffersFromUsername", "Line 11", "Message The username of user 'bob' is 'Bob', but sign-in uses 'bob'.", $"Path {Store.Path}", "Remedy Write the same name; Repair-PgEdgeUserFile does so.", "Severity Warning", "Username bob"],
            finding[1]!.Properties.Select(p => $"{p.Name} {p.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Findings_show_as_a_table_in_which_names_cannot_drive_the_terminal()
    {
        Store.Write("users:\n    \"b\\e[31mob\":\n    carol: {}\n");

        Run("Test-PgEdgeUserFile $file | Out-Default").Ok();

        Assert.Equal(["Severity", "Line", "Id", "Message"], Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(@"Error           2 NullEntry              User 'b\u{1B}[31mob' has nothing in it", Lines[2], StringComparison.Ordinal);
        Assert.Contains(Lines, line => line.StartsWith("Warning         3 MissingField           The user 'carol' has no username", StringComparison.Ordinal));
        Assert.DoesNotContain(Host.Screen, c => c != '\n' && char.IsControl(c));
    }

    [Fact]
    public void What_is_mended_comes_out_and_the_file_as_it_was_is_kept()
    {
        var before = Store.Text.Replace("        username: bob\n", "        username: Bob\n", StringComparison.Ordinal).Replace("users:\n", "users:\n    ghost:\n", StringComparison.Ordinal);
        var whole = Store.Text;
        Store.Write(before);

        var result = Run("Repair-PgEdgeUserFile $file -Verbose | ForEach-Object { \"$($_.Id) $($_.Line) $($_.Username)\" }; Test-PgEdgeUserFile $file -MinimumSeverity Error").Ok();

        Assert.Equal(["NullEntry 3 ghost", "KeyDiffersFromUsername 12 bob"], result.Texts);
        Assert.Equal(whole, Store.Text);
        var copy = Path.Combine(Store.Folder, Assert.Single(Beside, name => name.EndsWith(".bak", StringComparison.Ordinal)));
        Assert.Equal(before, File.ReadAllText(copy));
        Assert.Contains($"The file as it was is in '{copy}'.", result.Verbose);
    }

    [Fact]
    public void A_mode_is_mended_and_the_file_is_not_written()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(Store.Path, File.GetUnixFileMode(Store.Path) | UnixFileMode.GroupRead);

        var result = Run("Repair-PgEdgeUserFile $file -NoAudit -Verbose | ForEach-Object Id; Repair-PgEdgeUserFile $file").Ok();

        Assert.Equal(["ModeTooWide"], result.Texts);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Store.Path));
        Assert.True(Store.IsUntouched);
        Assert.Empty(Beside);
        Assert.DoesNotContain(result.Verbose, message => message.Contains("as it was", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_to_mend_asks_and_writes_nothing()
    {
        Assert.Empty(Run("Repair-PgEdgeUserFile $file -Confirm").Ok().Output);

        Assert.Empty(Host.Questions);
        Assert.True(Store.IsUntouched);
        Assert.Empty(Beside);
    }

    [Fact]
    public void What_if_says_how_many_and_writes_nothing()
    {
        Store.Write(Store.Text.Replace("username: alice", "username: Alice", StringComparison.Ordinal).Replace("username: bob", "username: Bob", StringComparison.Ordinal));

        Assert.Empty(Run("Repair-PgEdgeUserFile $file -WhatIf").Ok().Output);

        Assert.Contains($"\"Mend 2 findings\" on target \"User file '{Store.Path}'\"", Host.Screen, StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
        Assert.Empty(Beside);
    }

    [Theory]
    [InlineData("No", false)]
    [InlineData("Yes", true)]
    public void Confirm_asks_once_for_the_file(string answer, bool isMended)
    {
        Store.Write(Store.With("username: alice", "username: Alice"));
        Host.Answer(answer);

        Assert.Equal(isMended ? 1 : 0, Run("Repair-PgEdgeUserFile $file -Confirm").Ok().Output.Count);

        Assert.Contains("Mend 1 finding", Assert.Single(Host.Questions), StringComparison.Ordinal);
        Assert.Equal(isMended, !Store.IsUntouched);
    }

    [Fact]
    public void Without_anybody_to_answer_nothing_is_mended()
    {
        Store.Write(Store.With("username: alice", "username: Alice"));

        Assert.Equal([$"ConfirmationRequired,RepairPgEdgeUserFile: {Store.Path}"], Run("Repair-PgEdgeUserFile $file -Confirm").Failures);

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Get-PgEdgeUserFile $file | Test-PgEdgeUserFile | Repair-PgEdgeUserFile")]
    [InlineData("Get-PgEdgeUserFile $file | Repair-PgEdgeUserFile")]
    [InlineData("$file | Repair-PgEdgeUserFile")]
    [InlineData("[System.IO.FileInfo] $file | Repair-PgEdgeUserFile")]
    [InlineData("[pscustomobject]@{ Path = $file; Password = 'x' } | Repair-PgEdgeUserFile")]
    [InlineData("[pscustomobject]@{ UserFile = $file } | Repair-PgEdgeUserFile")]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Get($file) | Repair-PgEdgeUserFile")]
    [InlineData("Get-PgEdgeUser -Path $file | Repair-PgEdgeUserFile")]
    public void A_file_comes_from_the_pipeline_and_is_mended_once(string script)
    {
        Store.Write(Store.With("username: alice", "username: Alice"));

        Assert.Equal(["The username of user 'alice' is 'Alice', but sign-in uses 'alice'."], Run(script).Ok().Texts);

        Assert.Equal("alice", Store.Field("alice", "username"));
        Assert.Single(Beside, name => name.EndsWith(".bak", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-PgEdgeUserFile")]
    [InlineData("Test-PgEdgeUserFile")]
    [InlineData("Repair-PgEdgeUserFile")]
    public void An_object_without_a_path_is_an_error_that_does_not_show_what_is_in_it(string command)
    {
        // Of this test alone: what the engine keeps as the target of the error is looked through for the secrets of all.
        const string Canary = "canary of these rows";
        Define("rows", new[] { new { Username = "x", Password = Canary }, (object)new System.Collections.Hashtable { ["Password"] = Canary } });

        foreach (var input in new[] { "$rows", "[pscustomobject]@{ Username = 'x'; Password = $rows[0].Password }" })
        {
            var result = Run($"{input} | {command}");
            Assert.NotEmpty(result.Errors);
            Assert.Empty(result.Output);
            Assert.DoesNotContain(result.Errors, error => $"{error} {error.Exception}".Contains(Canary, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_user_is_no_path() => Assert.StartsWith(
        "ParameterArgumentTransformationError,", Run("Get-PgEdgeUserFile (Get-PgEdgeUser alice -Path $file)").Error.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("$file")]
    [InlineData("[System.IO.FileInfo] $file")]
    [InlineData("Get-PgEdgeUserFile $file")]
    [InlineData("[pscustomobject]@{ Path = $file; Password = 'x' }")]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Get($file)")]
    public void Whatever_names_a_file_can_be_looked_at(string input)
    {
        Assert.Equal([Store.Path], Run($"{input} | Get-PgEdgeUserFile").Ok().Texts);
        Assert.Equal(3, Run($"{input} | Test-PgEdgeUserFile").Ok().Output.Count);
    }

    [Theory]
    [InlineData("[System.IO.FileInfo] $file")]
    [InlineData("Get-PgEdgeUserFile $file")]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Get($file)[0]")]
    public void And_can_be_given_as_it_is(string path)
    {
        Assert.Equal([Store.Path], Run($"Get-PgEdgeUserFile ({path})").Ok().Texts);
        Assert.Equal(3, Run($"Test-PgEdgeUserFile -Path ({path})").Ok().Output.Count);
    }

    [Fact]
    public void Several_files_are_looked_at_and_mended_in_one_pipeline()
    {
        foreach (var name in new[] { "one.yaml", "two.yaml" })
        {
            File.WriteAllText(Path.Combine(Store.Folder, name), $"users:\n    {name[..3]}:\n");
            File.SetLastWriteTimeUtc(Path.Combine(Store.Folder, name), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        const string Files = "'one.yaml', $file, './two.yaml'";
        var found = Run($"{Files} | Test-PgEdgeUserFile -MinimumSeverity Error | ForEach-Object {{ \"$($_.Id) $($_.Username) $($_.Path)\" }}").Ok().Texts;
        var mended = Run($"{Files} | Repair-PgEdgeUserFile | Where-Object Id -eq NullEntry | ForEach-Object {{ \"$($_.Id) $($_.Username) $($_.Path)\" }}").Ok().Texts;

        Assert.Equal([$"NullEntry one {Path.Combine(Store.Folder, "one.yaml")}", $"NullEntry two {Path.Combine(Store.Folder, "two.yaml")}"], found);
        Assert.Equal(found, mended);
        Assert.Equal(["0", "3", "0"], Run($"{Files} | Get-PgEdgeUserFile | ForEach-Object Users").Ok().Texts);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Repair-PgEdgeUserFile no.yaml", "UserFileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Repair-PgEdgeUserFile no.yaml -WhatIf", "UserFileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Repair-PgEdgeUserFile no/such/folder.yaml", "UserFileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Repair-PgEdgeUserFile $broken", "UserFileInvalid", ErrorCategory.InvalidData)]
    [InlineData("Get-PgEdgeUserFile .", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-PgEdgeUserFile .", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Repair-PgEdgeUserFile .", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Get-PgEdgeUserFile $pipe", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-PgEdgeUserFile $pipe", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Repair-PgEdgeUserFile $pipe", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Get-PgEdgeUserFile $file/below", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-PgEdgeUserFile $file/below", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Repair-PgEdgeUserFile $file/below", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-PgEdgeUserFile Variable:file", "InvalidUserFilePath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-PgEdgeUserFile ''", "ParameterArgumentValidationError", ErrorCategory.InvalidData)]
    public void What_cannot_be_used_is_an_error_and_ends_the_pipeline(string script, string id, ErrorCategory category)
    {
        if (OperatingSystem.IsWindows())
            return;
        Store.Write("users: [a]\n");
        Define("broken", Store.Path);
        Define("pipe", Path.Combine(Store.Folder, "pipe"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Store.Folder, "pipe")]))
            mkfifo.WaitForExit();

        var error = Run(script).Error;

        Assert.StartsWith(id + ",PgEdgeUsers.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.True(Store.IsUntouched);
        Assert.Equal(["pipe"], Beside);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_finding_of_a_test() => Assert.Equal(
        ["FileMissing", "Error", "(null)", "Make it with New-PgEdgeUser, or name another with -Path."],
        Run("Test-PgEdgeUserFile no.yaml").Ok().Show("Id", "Severity", "Line", "Remedy"));

    [Fact]
    public void A_repair_is_recorded_finding_by_finding()
    {
        Store.Write(Store.With("username: alice", "username: Alice"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Store.Path, File.GetUnixFileMode(Store.Path) | UnixFileMode.GroupRead);

        var events = Run("$null = Repair-PgEdgeUserFile $file; Get-PgEdgeAuditEvent -Path $file | ForEach-Object { \"$($_.Event) $($_.Username) $($_.Success) $($_.Reason) $($_.Target)\" }").Ok().Texts;

        Assert.Equal(
            [.. OperatingSystem.IsWindows() ? Array.Empty<string>() : [$"FileRepaired  True ModeTooWide {Store.Path}"], $"FileRepaired alice True KeyDiffersFromUsername {Store.Path}"],
            events);
    }

    [Theory]
    [InlineData("-NoAudit", "")]
    [InlineData("-AuditPath other.jsonl", "other.jsonl")]
    public void Where_it_is_recorded_is_as_asked_for(string parameter, string expected)
    {
        Store.Write(Store.With("username: alice", "username: Alice"));

        Run($"Repair-PgEdgeUserFile $file {parameter}").Ok();

        Assert.Equal(expected, string.Join(' ', Beside.Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal))));
    }
}
