using System.Security;
using System.Text;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>A password and a token that can be told from all other text are looked for, however encoded, in all that is shown and kept.</summary>
public sealed class CanaryTests : ShellTest
{
    private const string Canary = "Canary-Pässword-of-the-tests";

    [Fact]
    public void No_password_and_no_token_is_shown_or_kept()
    {
        using var server = new TestServer();
        server.Add("alice", Canary);
        Define("uri", server.Address);
        Define("refused", server.Address.Replace("http:", "https:", StringComparison.Ordinal));
        Define("canary", Secret.Of(Canary));
        Define("login", Secret.Login("alice", Canary));
        Define("nobody", Secret.Login("nobody", Canary));

        var result = Run("""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Set-PgEdgeUser alice -Password $canary -Path $file
            $local = New-PgEdgeSession $login -Path $file
            $remote = New-PgEdgeSession $login -Uri $uri -AuditPath ./remote.jsonl
            $generated = New-PgEdgeUser dora -GeneratePassword -Path $file
            $local, $remote, $generated | Out-Default
            "$local $remote $generated $($local.Token) $($generated.GeneratedPassword)"
            $local, $remote | Test-PgEdgeSession
            New-PgEdgeSession $nobody -Path $file
            New-PgEdgeSession $nobody -Uri $uri -AuditPath ./remote.jsonl
            New-PgEdgeSession $login -Uri $refused
            New-PgEdgeSession $login -Uri http://mcp.example.test
            New-PgEdgeSession $login -Path ./no.yaml
            New-PgEdgeSession -Username alice -Password $canary -Path $file -AuditPath no-such-drive:x
            Remove-PgEdgeSession -Token $canary -Path $file
            Test-PgEdgeSession -Token $local.Token -Uri http://mcp.example.test
            Get-PgEdgeSession -Path $file | Out-Default
            Get-PgEdgeAuditEvent -Path $file | Out-Default
            $local | Remove-PgEdgeSession
            $local | Remove-PgEdgeSession
            $Error | ForEach-Object { $_ | Out-Default; $_.Exception.ToString(); $_.TargetObject; $_.InvocationInfo.PositionMessage }
            $local, $remote, $generated
            """);

        var (local, remote, generated) = (result.Output[^3]!, result.Output[^2]!, result.Output[^1]!);
        string[] secrets =
        [
            Canary, Secret.Learn((SecureString)local.Properties["Token"].Value), Secret.Learn((SecureString)remote.Properties["Token"].Value),
            Secret.Learn((SecureString)generated.Properties["GeneratedPassword"].Value),
        ];
        Assert.Equal(9, result.Errors.Count);
        result.AssertPresentable();
        var shown = string.Join('\n', [Host.Screen, .. result.Texts, .. result.Verbose, .. result.Warnings, .. result.Errors.Select(Everything)]);
        Assert.All(secrets, secret => AssertNotIn(shown, secret));
        Assert.All(Directory.GetFiles(Store.Folder), file => Assert.All(secrets, secret => AssertNotIn(File.ReadAllText(file), secret)));
        Assert.Equal(
            ["remote.jsonl", "remote.jsonl.lock", "users.yaml", "users.yaml.audit.jsonl", "users.yaml.audit.jsonl.lock", "users.yaml.lock", "users.yaml.sessions.json"],
            Directory.GetFiles(Store.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static string Everything(ErrorRecord error) =>
        $"{error} {error.Exception} {error.ErrorDetails} {error.TargetObject} {error.CategoryInfo} {error.FullyQualifiedErrorId} {error.ScriptStackTrace}";

    private static void AssertNotIn(string text, string secret)
    {
        string[] forms =
        [
            secret, secret[..12], secret[^12..], Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='),
            Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), Convert.ToHexString(Encoding.Unicode.GetBytes(secret)),
            System.Text.Json.JsonSerializer.Serialize(secret).Trim('"'),
        ];
        Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase));
    }
}
