using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class PathTests : ShellTest
{
    private const string NewDrive = "$null = $ExecutionContext.SessionState.Drive.New([System.Management.Automation.PSDriveInfo]::new('store', $ExecutionContext.SessionState.Provider.GetOne('FileSystem'), $PWD.Path, '', $null), 'Global'); ";

    [Theory]
    [InlineData("Get-PgEdgeUser alice -Path users.yaml")]
    [InlineData("Get-PgEdgeUser alice -Path ./sub/../users.yaml")]
    [InlineData("$ExecutionContext.SessionState.Provider.GetOne('FileSystem').Home = $PWD.Path; Get-PgEdgeUser alice -Path ~/users.yaml")]
    [InlineData("Get-PgEdgeUser alice -Path \"Microsoft.PowerShell.Core\\FileSystem::$file\"")]
    [InlineData("Get-PgEdgeUser alice -Path \"FileSystem::$file\"")]
    [InlineData("Get-PgEdgeUser alice -Path ([System.IO.FileInfo]$file)")]
    [InlineData(NewDrive + "Get-PgEdgeUser alice -Path store:/users.yaml")]
    [InlineData(NewDrive + "$null = $ExecutionContext.SessionState.Path.SetLocation('store:/'); Get-PgEdgeUser alice -Path users.yaml")]
    public void A_path_is_one_of_the_session(string script)
    {
        Assert.Equal(Store.Path, Run(script).Ok().Output[0]!.Properties["Path"].Value);
    }

    [Fact]
    public void A_path_is_literal()
    {
        var odd = Path.Combine(Store.Folder, "users[1] *.yaml");
        File.Copy(Store.Path, odd);

        Run("Disable-PgEdgeUser alice -Path './users[1] *.yaml'").Ok();

        Assert.Contains("last_login: 2024-11-14T09:30:00Z\n        enabled: false", File.ReadAllText(odd), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("env:HOME")]
    [InlineData("Variable:file")]
    [InlineData("nodrive:/users.yaml")]
    [InlineData("NoProvider::/users.yaml")]
    [InlineData("http://example.com/users.yaml")]
    [InlineData(".")]
    [InlineData("./")]
    public void What_is_no_file_of_the_file_system_is_refused(string path)
    {
        var result = Run($"Get-PgEdgeUser -Path '{path}'; New-PgEdgeUser dora -Path '{path}'; Disable-PgEdgeUser alice -Path '{path}'");

        Assert.Equal(
            ["Get", "New", "Disable"],
            result.Errors.Select(e => e.FullyQualifiedErrorId.Replace("InvalidUserFilePath,PgEdgeUsers.Commands.", "", StringComparison.Ordinal).Replace("PgEdgeUserCommand", "", StringComparison.Ordinal)));
        Assert.All(result.Errors, e => Assert.Equal(ErrorCategory.InvalidArgument, e.CategoryInfo.Category));
        Assert.All(result.Errors, e => Assert.Contains(path.TrimEnd('.', '/'), e.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"users`0.yaml\"")]
    [InlineData("('x' * 5000)")]
    [InlineData("\"$file/below-a-file.yaml\"")]
    public void What_the_system_takes_for_no_path_is_refused(string path)
    {
        var result = Run($"Get-PgEdgeUser -Path {path}; Disable-PgEdgeUser alice -Path {path}");

        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.Matches("^(InvalidUserFilePath|UserFileNotFound|UserFileWriteFailed),PgEdgeUsers.Commands.(Get|Disable)PgEdgeUserCommand$", e.FullyQualifiedErrorId));
    }

    [Theory]
    [InlineData("Get-PgEdgeUser")]
    [InlineData("Get-PgEdgeUser x*")]
    [InlineData("Set-PgEdgeUser alice -Annotation x")]
    [InlineData("Enable-PgEdgeUser alice")]
    [InlineData("Disable-PgEdgeUser alice")]
    [InlineData("Remove-PgEdgeUser alice -Confirm:$false")]
    [InlineData("New-PgEdgeSession ([pscredential]::new('alice', [securestring]::new()))")]
    public void A_file_that_is_not_there_is_an_error_that_says_where_it_was_looked_for(string command)
    {
        var error = Run($"{command} -Path ./no.yaml").Error;

        Assert.StartsWith("UserFileNotFound,PgEdgeUsers.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains(Path.Combine(Store.Folder, "no.yaml"), error.ToString(), StringComparison.Ordinal);
        Assert.Equal([Store.Path], Directory.GetFileSystemEntries(Store.Folder));
    }

    [Fact]
    public void A_link_is_followed_and_stays()
    {
        var link = Path.Combine(Store.Folder, "link.yaml");
        File.CreateSymbolicLink(link, "users.yaml");

        Assert.Equal(["alice"], Run("Disable-PgEdgeUser alice -Path ./link.yaml -PassThru").Ok().Texts);

        Assert.Equal("users.yaml", new FileInfo(link).LinkTarget);
        Assert.Equal("false", Store.Field("alice", "enabled"));
    }

    [Fact]
    public void A_file_that_others_can_read_is_warned_of_and_closed_with_the_next_change()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(Store.Path, File.GetUnixFileMode(Store.Path) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.Contains("0644", Assert.Single(Run("Get-PgEdgeUser -Path $file").Ok().Warnings), StringComparison.Ordinal);
        Run("Disable-PgEdgeUser alice -Path $file").Ok();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Store.Path));
        Assert.Empty(Run("Get-PgEdgeUser -Path $file").Ok().Warnings);
    }

    [Fact]
    public void Verbose_says_which_file_is_used_and_why()
    {
        Assert.Equal([$"Using the user file '{Store.Path}': the parameter Path."], Run("Get-PgEdgeUser -Path $file -Verbose").Ok().Verbose);
    }
}
