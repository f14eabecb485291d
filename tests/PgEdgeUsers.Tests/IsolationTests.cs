using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>The module and other modules do not get in each other's way; nor does the module in its own when it is imported again.</summary>
public sealed class IsolationTests : IDisposable
{
    private const string Use = """
        Import-Module $module -ErrorAction Stop
        $password = [System.Net.NetworkCredential]::new('', 'seven quiet lanterns').SecurePassword
        $null = New-PgEdgeUser dora -Password $password -Path users.yaml -ErrorAction Stop
        $null = New-PgEdgeSession -Username dora -Password $password -Path users.yaml -ErrorAction Stop
        Get-PgEdgeUser -Path users.yaml

        """;

    private const string UseTheOther = """
        $null = [System.Reflection.Assembly]::LoadFrom($otherYamlDotNet)
        [YamlDotNet.Serialization.DeserializerBuilder]::new().Build().Deserialize[System.Collections.Generic.Dictionary[string, string]]('other: works')['other']

        """;

    private const string Report = """
        [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName() |
            Where-Object Name -match '^(PgEdgeUsers(\.Core)?|YamlDotNet|BCrypt.*)$' | ForEach-Object { "$($_.Name) $($_.Version.Major)" }
        """;

    private readonly SampleFile _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_session_with_another_YamlDotNet_works_and_keeps_it()
    {
        var (code, output, errors) = ChildShell.Run(_store.Folder, UseTheOther + Use + Report);

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(["works", "alice", "bob", "charlie", "dora", "YamlDotNet 13", "PgEdgeUsers 0"], output);
    }

    [Fact]
    public void Another_YamlDotNet_works_in_a_session_that_used_the_module_first()
    {
        var (code, output, errors) = ChildShell.Run(_store.Folder, Use + Report + "\n" + UseTheOther + Report);

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(["alice", "bob", "charlie", "dora", "PgEdgeUsers 0", "works", "PgEdgeUsers 0", "YamlDotNet 13"], output);
    }

    [Fact]
    public void The_module_can_be_imported_again_removed_and_imported()
    {
        using var shell = new Shell(_store.Folder, importModule: false);

        var result = shell.Run("""
            1..2 | ForEach-Object {
                Import-Module $module
                (Get-PgEdgeUser -Path users.yaml).Count
                Import-Module $module -Force
                (Get-PgEdgeUser -Path users.yaml | Disable-PgEdgeUser -PassThru).Count
                Get-PgEdgeUser bob -Path users.yaml | Out-Default
                Remove-Module PgEdgeUsers
                @(Get-Command *-PgEdge*).Count
            }
            """).Ok();

        Assert.Equal(["3", "3", "0", "3", "3", "0"], result.Texts);
    }

    [Fact]
    public void Exactly_the_cmdlets_are_exported()
    {
        using var shell = new Shell(_store.Folder);

        Assert.Equal(
            [
                "Disable-PgEdgeUser", "Enable-PgEdgeUser", "Get-PgEdgeAuditEvent", "Get-PgEdgeSession", "Get-PgEdgeUser", "Get-PgEdgeUserFile",
                "New-PgEdgeSession", "New-PgEdgeUser", "Remove-PgEdgeSession", "Remove-PgEdgeUser", "Repair-PgEdgeUserFile", "Set-PgEdgeUser",
                "Test-PgEdgeSession", "Test-PgEdgeUserFile",
            ],
            shell.Run("(Get-Module PgEdgeUsers).ExportedCommands.Keys").Ok().Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_sessions_of_one_process_change_one_file_at_once()
    {
        var names = Enumerable.Range(1, 10).Select(i => $"user{i}").ToArray();
        _store.Write("users:\n" + string.Concat(names.Select(name => $"    {name}:\n        enabled: true\n        annotation: \"\"\n        failed_attempts: 0\n")));

        await Task.WhenAll(
            Task.Run(() => Work("1, 3, 5, 7, 9", "odd")),
            Task.Run(() => Work("2, 4, 6, 8, 10", "even")));

        Assert.Equal(names.Select((_, i) => i % 2 == 0 ? "odd" : "even"), names.Select(name => _store.Field(name, "annotation")));

        void Work(string numbers, string note)
        {
            using var shell = new Shell(_store.Folder);
            shell.Run($"{numbers} | ForEach-Object {{ Set-PgEdgeUser \"user$_\" -Annotation {note} -Path users.yaml }}").Ok();
        }
    }
}
