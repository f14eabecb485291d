namespace PgEdgeUsers.Host.Tests;

/// <summary>What each step loads of the module's assemblies: a start pays for nothing that is not used.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgedge-loading-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_is_loaded_before_it_is_needed()
    {
        var file = Path.Combine(_folder, "users.yaml");
        var otherLayout = Path.Combine(_folder, "other.yaml");
        await File.WriteAllTextAsync(file, "users:\n    alice:\n        username: alice\n        password_hash: \"\"\n        created_at: 2025-12-23T15:26:41Z\n        last_login: null\n        enabled: true\n        annotation: \"\"\n        failed_attempts: 0\n");
        await File.WriteAllTextAsync(otherLayout, "users: {}\n");

        var result = await HostProcess.Run("", "-Command", $$"""
            $WarningPreference = 'SilentlyContinue'
            function Loaded { ([AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name } |
                Where-Object { $_ -match '^(PgEdgeUsers\.Core|YamlDotNet|BCrypt.*|System\.Net\.Http)$' }) -join ' ' }
            Import-Module PgEdgeUsers;                                         "import: $(Loaded)"
            $null = Get-PgEdgeUser -Path '{{file}}';                           "list: $(Loaded)"
            Set-PgEdgeUser alice -Annotation 'on call' -Path '{{file}}';       "edit: $(Loaded)"
            $null = Get-PgEdgeUser -Path '{{otherLayout}}';                    "list another layout: $(Loaded)"
            $null = Set-PgEdgeUser alice -GeneratePassword -Path '{{file}}';   "set a password: $(Loaded)"
            """);

        Assert.Equal("""
            import: 
            list: PgEdgeUsers.Core
            edit: PgEdgeUsers.Core
            list another layout: PgEdgeUsers.Core YamlDotNet
            set a password: PgEdgeUsers.Core YamlDotNet BCrypt-Net-Next

            """, result.Output);
    }
}
