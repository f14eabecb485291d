using System.Globalization;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class CompletionTests : ShellTest
{
    [Theory]
    [InlineData("Get-PgEdgeUser -Path $file ", new[] { "alice", "bob", "charlie" })]
    [InlineData("Get-PgEdgeUser -Path users.yaml -Username A", new[] { "alice" })]
    [InlineData("Disable-PgEdgeUser -Path ./users.yaml -Username alice, b", new[] { "bob" })]
    [InlineData("Get-PgEdgeUser -UserFile users.yaml -Username a", new[] { "alice" })]
    [InlineData("Get-PgEdgeUser -FilePath users.yaml -Username a", new[] { "alice" })]
    [InlineData("Get-PgEdgeUser -PSPath users.yaml -Username a", new[] { "alice" })]
    [InlineData("New-PgEdgeSession -Path users.yaml -Username ch", new[] { "charlie" })]
    [InlineData("Remove-PgEdgeSession -Path users.yaml a", new[] { "alice" })]
    [InlineData("Get-PgEdgeUser -Path users.yaml -Username zz", new string[0])]
    [InlineData("Get-PgEdgeUser -Path nowhere/at-all.yaml -Username a", new string[0])]
    [InlineData("Get-PgEdgeUser -Status ", new[] { "Disabled", "Enabled" })]
    public void Words_are_completed_from_the_file_of_the_command_line(string line, string[] completions) =>
        Assert.Equal(completions, Complete(line.Replace("$file", Store.Path, StringComparison.Ordinal)).Select(c => c.CompletionText));

    [Fact]
    public void A_name_that_needs_quotes_gets_them_and_names_the_same_user()
    {
        Store.Write(Store.With("    bob:", "    \"O'Brien 2\":"));

        var completion = Assert.Single(Complete($"Get-PgEdgeUser -Path {Store.Path} -Username 'O")).CompletionText;

        Assert.Equal("'O''Brien 2'", completion);
        Assert.Equal(["O'Brien 2"], Run($"Get-PgEdgeUser {completion} -Path $file").Ok().Texts);
    }

    [Theory]
    [InlineData("'[ac")]
    [InlineData("'[ac]")]
    public void Brackets_that_were_typed_are_those_of_a_name(string word)
    {
        Store.Write(Store.With("    bob:", "    '[ac]*':"));

        Assert.Equal(["'[ac]*'"], Complete($"Get-PgEdgeUser -Path {Store.Path} -Username {word}").Select(c => c.CompletionText));
    }

    [Fact]
    public void Names_in_the_list_have_their_unseen_characters_made_visible()
    {
        Define("login", Secret.Login("b\e[31mo\u202Eb", SampleFile.BobPassword));
        Store.Write(Store.With("    bob:", "    \"b\\e[31mo\\u202Eb\":"));
        Run("New-PgEdgeSession $login -Path $file").Ok();

        Assert.Equal(["alice", @"b\u{1B}[31mo\u{202E}b", "charlie"], Complete($"Get-PgEdgeUser -Path {Store.Path} ").Select(c => c.ListItemText));
        Assert.StartsWith(@"b\u{1B}[31mo\u{202E}b, until ", Assert.Single(Complete($"Remove-PgEdgeSession -Path {Store.Path} -Id ")).ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_tip_has_status_and_note_with_unseen_characters_made_visible()
    {
        Store.Write(Store.With("annotation: Former emp", "annotation: \"Former\\e[31m\""));

        Assert.Equal(["Enabled: Developer", "Enabled: Admin", "Disabled: Former\\u{1B}[31m"], Complete($"Get-PgEdgeUser -Path {Store.Path} ").Select(c => c.ToolTip));
    }

    [Fact]
    public void Session_ids_are_completed_with_their_user()
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        var session = Run("New-PgEdgeSession $login -Path $file").Ok().Output[0]!.Properties;

        var completion = Assert.Single(Complete($"Remove-PgEdgeSession -Path {Store.Path} -Id "));

        Assert.Equal(session["Id"].Value, completion.CompletionText.Trim('\''));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"alice, until {session["ExpiresAt"].Value:yyyy-MM-dd HH:mm}"), completion.ToolTip);
    }

    [Fact]
    public void Completion_changes_nothing_and_fails_at_nothing()
    {
        Store.Write("users: [broken\n");

        Assert.Empty(Complete($"Get-PgEdgeUser -Path {Store.Path} -Username a"));
        Assert.True(Store.IsUntouched);
    }

    private CompletionResult[] Complete(string line)
    {
        Define("line", line);
        return [.. Run("[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches")
            .Ok().Output.Select(o => (CompletionResult)o!.BaseObject)];
    }
}
