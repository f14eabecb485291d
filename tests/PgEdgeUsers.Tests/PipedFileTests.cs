using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>A file in a pipeline is a user file and never the name of a user; a line of a file is the name of a user and never a user file.</summary>
public sealed class PipedFileTests : ShellTest
{
    /// <summary>What Get-Item writes of a file, and what Get-Content writes of its lines.</summary>
    private const string Items = """
        $item = $ExecutionContext.InvokeProvider.Item.Get($file)[0]
        $line = [psobject] 'bob'
        $line.PSObject.Properties.Add([psnoteproperty]::new('PSPath', 'Microsoft.PowerShell.Core\FileSystem::/no/such/names.txt'))

        """;

    [Theory]
    [InlineData("$item | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("$item, $item | Get-PgEdgeUser", "alice bob charlie alice bob charlie")]
    [InlineData("$item | Get-PgEdgeUser bob", "bob")]
    [InlineData("$item | Get-PgEdgeUser -Status Disabled", "charlie")]
    [InlineData("Get-PgEdgeUserFile $file | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("Get-PgEdgeUserFile $file | Get-PgEdgeUser a*", "alice")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PgEdgeUserFile $file))) | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("$item | Get-PgEdgeUser | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("$item, 'bob' | Get-PgEdgeUser -Path $file", "alice bob charlie bob")]
    [InlineData("$line | Get-PgEdgeUser -Path $file", "bob")]
    [InlineData("Get-PgEdgeUser (Get-PgEdgeUser alice -Path $file) -Path $file", "alice")]
    [InlineData("$item | Disable-PgEdgeUser alice -PassThru -WarningAction Ignore", "alice")]
    [InlineData("Get-PgEdgeUserFile $file | Disable-PgEdgeUser a* -PassThru -WarningAction Ignore", "alice")]
    [InlineData("Test-PgEdgeUserFile $file -MinimumSeverity Information | Where-Object Id -eq DisabledByLockout | Enable-PgEdgeUser -PassThru", "charlie")]
    public void Files_and_names_are_told_apart(string script, string names) =>
        Assert.Equal(names, string.Join(' ', Run(Items + script).Ok().Texts));

    [Theory]
    [InlineData("Get-PgEdgeUser", "UserFileInvalid,GetPgEdgeUser", "InvalidUserFilePath,GetPgEdgeUser", "alice bob charlie")]
    [InlineData("Get-PgEdgeSession", "UserFileInvalid,GetPgEdgeSession", "InvalidUserFilePath,GetPgEdgeSession", "")]
    [InlineData("Test-PgEdgeUserFile -MinimumSeverity Error | ForEach-Object Id", null, "InvalidUserFilePath,TestPgEdgeUserFile", "ContentRefused")]
    [InlineData("Repair-PgEdgeUserFile -NoAudit | ForEach-Object Id", "UserFileInvalid,RepairPgEdgeUserFile", "InvalidUserFilePath,RepairPgEdgeUserFile", "KeyDiffersFromUsername")]
    [InlineData("Get-PgEdgeUserFile -WarningAction Ignore | ForEach-Object Users", null, "InvalidUserFilePath,GetPgEdgeUserFile", " 3")]
    public void A_file_that_fails_is_an_error_of_its_own_and_the_next_is_looked_at(string command, string? ofBad, string ofFolder, string output)
    {
        Store.Write(Store.With("username: bob", "username: bert"));
        var bad = Path.Combine(Store.Folder, "bad.yaml");
        File.WriteAllText(bad, "users: [\n");
        Define("bad", bad);
        Define("folder", Store.Folder);

        var result = Run($"$bad, $folder, $file | ForEach-Object {{ $ExecutionContext.InvokeProvider.Item.Get($_)[0] }} | {command}");

        Assert.Equal(output, string.Join(' ', result.Texts));
        Assert.Equal(ofBad is null ? [$"{ofFolder}: {Store.Folder}"] : [$"{ofBad}: {bad}", $"{ofFolder}: {Store.Folder}"], result.Failures);
    }

    [Fact]
    public void A_file_that_fails_is_an_error_once_whatever_else_comes_from_it()
    {
        Run("$users = @(Get-PgEdgeUser -Path $file)").Ok();
        Store.Write("users: [\n");

        Assert.Equal([$"UserFileInvalid,GetPgEdgeUser: {Store.Path}"], Run("$users | Get-PgEdgeUser").Failures);
    }

    [Fact]
    public void Lines_of_a_file_are_names_of_the_default_file_whose_failure_ends_the_pipeline()
    {
        var (_, output, errors) = ChildShell.Run(
            Store.Folder,
            $"Import-Module $module\n$file = '{Store.Path}'\n" + Items + "$other = [psobject] 'alice'; $other.PSObject.Properties.Add($line.PSObject.Properties['PSPath'].Copy()); $line, $other | Get-PgEdgeUser",
            new Dictionary<string, string> { ["PGEDGE_AUTH_USER_FILE"] = "/no/such.yaml" });

        Assert.Empty(output);
        Assert.StartsWith("UserFileNotFound,", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_file_that_is_given_and_fails_ends_the_pipeline() =>
        Assert.Equal(["UserFileNotFound,GetPgEdgeUser: /no/such.yaml"], Run("'alice', 'bob' | Get-PgEdgeUser -Path /no/such.yaml").Failures);

    [Theory]
    [InlineData("Get-PgEdgeSession")]
    [InlineData("Get-PgEdgeAuditEvent")]
    public void A_file_has_sessions_and_events_of_all_its_users(string command)
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));

        Assert.Equal(["alice", "alice"], Run(Items + $"$null = New-PgEdgeSession $login -Path $file; & {{ $item; Get-PgEdgeUserFile $file }} | {command} | ForEach-Object Username").Ok().Texts);
    }

    /// <summary>Also where there is a user whose name is that of the file.</summary>
    [Theory]
    [InlineData("Remove-PgEdgeUser -Confirm:$false")]
    [InlineData("Disable-PgEdgeUser")]
    [InlineData("Enable-PgEdgeUser")]
    [InlineData("Set-PgEdgeUser -Annotation none")]
    public void A_file_is_no_user_to_change(string command)
    {
        Store.Write(Store.Text.Replace("bob", "users.yaml", StringComparison.Ordinal).Replace("charlie", $"'{Store.Path}'", StringComparison.Ordinal));

        foreach (var input in new[] { "$item", "[System.IO.FileInfo] $file", "Get-PgEdgeUserFile $file", "(Test-PgEdgeUserFile no.yaml)" })
        {
            var error = Run($"{Items}{input} | {command}").Error;
            Assert.Matches("^(ParameterArgumentTransformationError|InputObjectMissingMandatory|ParameterArgumentValidationError),", error.FullyQualifiedErrorId);
        }

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("$item | New-PgEdgeUser -GeneratePassword")]
    [InlineData("Get-PgEdgeUserFile $file | New-PgEdgeUser -GeneratePassword")]
    [InlineData("[System.IO.FileInfo] $file | Get-PgEdgeUser -Verbose")]
    [InlineData("Get-PgEdgeUser $item -Path $file")]
    [InlineData("Remove-PgEdgeUser $item -Path $file -Confirm:$false")]
    [InlineData("Remove-PgEdgeUser (Get-PgEdgeUserFile $file) -Path $file -Confirm:$false")]
    public void What_is_no_name_is_an_error(string script)
    {
        var result = Run(Items + script);

        Assert.Matches("^(ParameterArgumentTransformationError|InputObjectMissingMandatory|AmbiguousParameterSet),", result.Error.FullyQualifiedErrorId);
        Assert.Empty(result.Output);
        Assert.Empty(result.Verbose);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_folder_is_no_user_file() => Assert.StartsWith(
        "InvalidUserFilePath,", Run("$ExecutionContext.InvokeProvider.Item.Get('.') | Get-PgEdgeUser").Error.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_user_can_have_the_name_of_a_file_that_was_piped_before()
    {
        Store.Write(Store.Text.Replace("bob", "users.yaml", StringComparison.Ordinal));

        Assert.Equal(["users.yaml", "users.yaml"], Run(Items + "$null = $item | Get-PgEdgeUser; Get-PgEdgeUser users.yaml -Path $file; 'users.yaml' | Get-PgEdgeUser -Path $file").Ok().Texts);
    }
}
