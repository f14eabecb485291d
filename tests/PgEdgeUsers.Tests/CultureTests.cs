using System.Globalization;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class CultureTests
{
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void The_same_happens_in_every_culture(string culture)
    {
        var (invariant, here) = (Walk(CultureInfo.InvariantCulture), Walk(CultureInfo.GetCultureInfo(culture)));

        Assert.Equal(culture, here.Culture);
        Assert.Equal(invariant.Screen, here.Screen);
        Assert.Equal(invariant.Text, here.Text);
        Assert.Equal(invariant.Failures, here.Failures);
    }

    private static (string Culture, string Screen, string Text, IReadOnlyList<string> Failures) Walk(CultureInfo culture)
    {
        using var store = new SampleFile();
        var host = new ScriptedHost();
        using var shell = new Shell(store.Folder, host);
        shell.Define("culture", culture);
        shell.Define("wrong", Secret.Of("not the right password"));
        shell.Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        var result = shell.Run("""
            [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $culture
            [cultureinfo]::CurrentCulture.Name
            Get-PgEdgeUser -Path users.yaml | Out-Default
            Get-PgEdgeUser *I* -Path users.yaml -InactiveFor 365.00:00:00 | Out-Default
            Enable-PgEdgeUser CHARLIE*, ALICE -Path users.yaml
            Set-PgEdgeUser alice -Annotation 'İı 1,5' -Path users.yaml
            New-PgEdgeUser ALICE -Path users.yaml
            New-PgEdgeSession -Username bob -Password $wrong -Path users.yaml
            New-PgEdgeSession $login -Path users.yaml
            """);
        var (created, login) = (store.Field("alice", "created_at"), store.Field("alice", "last_login"));
        Assert.Equal("2024-10-30T10:15:00.123456789Z", created);
        Assert.Matches(@"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z$", login);
        Assert.Equal("alice", result.Texts[^1]);
        return (result.Texts[0], host.Screen, store.Text.Replace(login, "(now)", StringComparison.Ordinal), result.Failures);
    }
}
