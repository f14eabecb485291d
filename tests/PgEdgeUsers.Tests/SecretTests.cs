using System.Security;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>Every shell of these tests looks for the tests' secrets in what comes out; here, where they are likeliest, everything is looked at.</summary>
public sealed class SecretTests : ShellTest
{
    [Fact]
    public void No_password_and_no_token_is_shown_or_kept_in_plain()
    {
        const string Canary = "canary-Ünder-the-stairs";
        Define("password", Secret.Of(Canary));
        Define("login", Secret.Login("alice", Canary));
        Define("weak", Secret.Of("canarycanarycanary"));
        Host.Answer(Canary, "canary of another feather", Canary);

        var result = Run("""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Set-PgEdgeUser alice -Password $password -Path $file
            $session = New-PgEdgeSession $login -Path $file
            $session
            $session | Out-Default
            "$session"
            $session.Token
            [System.Management.Automation.PSSerializer]::Serialize((Get-PgEdgeUser -Path $file))
            New-PgEdgeUser dora -Password $weak -Path $file
            New-PgEdgeUser dora -Path $file
            New-PgEdgeUser dora -Path $file
            New-PgEdgeSession -Username bob -Password $password -Path $file
            New-PgEdgeSession -Username nobody -Password $password -Path $file
            New-PgEdgeUser alice -Password $password -Path $file
            Set-PgEdgeUser nobody -Password $password -Path $file
            Set-PgEdgeUser alice -Password $password -Annotation "a`nb" -Path $file
            New-PgEdgeSession $login -Path ./no.yaml
            New-PgEdgeUser erin -Password $password -Path ./no/users.yaml
            $Error | ForEach-Object { $_.Exception.ToString(); $_ | Out-Default }
            """);

        Assert.Equal(
            ["PasswordRejected", "PasswordMismatch", "PasswordRequired", "AuthenticationFailed", "AuthenticationFailed", "UserExists", "UserNotFound", "InvalidAnnotation", "UserFileNotFound", "UserFileNotFound"],
            result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        var session = result.Output.OfType<PSObject>().First(o => o.TypeNames[0] == "PgEdgeUsers.PgEdgeSession");
        Secret.Learn((SecureString)session.Properties["Token"].Value);
        result.AssertPresentable();
        Secret.AssertNotIn(Host.Screen);
        Secret.AssertNotIn(string.Join('\n', Directory.GetFiles(Store.Folder).Select(File.ReadAllText)));
        Assert.DoesNotContain("$2a$", Host.Screen + string.Join('\n', result.Texts) + string.Join('\n', result.Errors), StringComparison.Ordinal);
    }
}
