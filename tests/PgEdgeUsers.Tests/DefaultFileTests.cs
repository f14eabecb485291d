using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>Without -Path, in processes with an environment and a home of their own.</summary>
public sealed class DefaultFileTests : IDisposable
{
    private readonly SampleFile _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_first_user_on_a_machine_without_a_server_makes_the_users_own_file_and_folder()
    {
        var expected = Path.Combine(_store.Folder, "pgedge", "pgedge-postgres-mcp-users.yaml");

        // Where a server is installed after all, its file is not to be touched: the first line stops there.
        var (code, output, errors) = ChildShell.Run(_store.Folder, $$"""
            Import-Module $module
            if ((New-PgEdgeUser dora -WhatIf -Verbose 4>&1) -notmatch [regex]::Escape('{{expected}}')) { throw 'Another file would be used.' }
            $password = [System.Net.NetworkCredential]::new('', 'seven quiet lanterns').SecurePassword
            (New-PgEdgeUser dora -Password $password).Path
            Get-PgEdgeUser
            """, new Dictionary<string, string> { ["PATH"] = _store.Folder });

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal([expected, "dora"], output.SkipWhile(line => line.StartsWith("What if:", StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(expected)!));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(expected));
        }
    }

    [Fact]
    public void A_folder_of_the_users_own_that_cannot_be_made_is_an_error_that_says_so()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // Not even root makes a folder in /sys. Where a server is installed after all, its file is not to be touched: the first line stops there.
        var (code, _, errors) = ChildShell.Run(_store.Folder, """
            Import-Module $module
            if ((New-PgEdgeUser dora -WhatIf -Verbose 4>&1) -notmatch '/sys/pgedge/') { throw 'Another file would be used.' }
            New-PgEdgeUser dora -GeneratePassword
            """, new Dictionary<string, string> { ["PATH"] = _store.Folder, ["XDG_CONFIG_HOME"] = "/sys" });

        Assert.Equal(1, code);
        Assert.Matches(@"^UserFileAccessDenied,PgEdgeUsers\.Commands\.NewPgEdgeUserCommand: Access to '/sys/pgedge/.+' or its folder is denied: .+\n$", errors);
    }

    [Fact]
    public void The_environment_names_the_file_and_the_shortest_password()
    {
        var (code, output, errors) = ChildShell.Run(_store.Folder, """
            Import-Module $module
            Get-PgEdgeUser
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = '24'
            New-PgEdgeUser dora -Password ([System.Net.NetworkCredential]::new('', 'seven quiet lanterns').SecurePassword)
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = '40'
            (New-PgEdgeUser erin -GeneratePassword -Path ./other.yaml).GeneratedPassword.Length
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = '7'
            New-PgEdgeUser dora -Password ([System.Net.NetworkCredential]::new('', 'seven quiet lanterns').SecurePassword)
            """, new Dictionary<string, string> { ["PGEDGE_AUTH_USER_FILE"] = _store.Path });

        Assert.Equal(1, code);
        Assert.Equal(["alice", "bob", "charlie", "40"], output);
        Assert.Matches(
            @"^PasswordRejected,PgEdgeUsers\.Commands\.NewPgEdgeUserCommand: .*24.*\nInvalidConfiguration,PgEdgeUsers\.Commands\.NewPgEdgeUserCommand: .*PGEDGE_AUTH_PASSWORD_MIN_LENGTH.*\n$",
            errors.ReplaceLineEndings("\n"));
        Assert.True(_store.IsUntouched);
    }
}
