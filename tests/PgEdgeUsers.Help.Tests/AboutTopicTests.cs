using System.Text.RegularExpressions;
using PgEdgeUsers.Help.Tests.Harness;

namespace PgEdgeUsers.Help.Tests;

[Collection(nameof(OneShell))]
public sealed partial class AboutTopicTests(Shell shell)
{
    public static TheoryData<string> Names => [.. AboutTopics.Names];

    [Fact]
    public void There_are_two() => Assert.Equal(["about_PgEdgeUsers", "about_PgEdgeUsers_Security"], AboutTopics.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Get_Help_finds_it(string name)
    {
        var (help, errors) = shell.Run($"Get-Help {name}");

        Assert.Empty(errors);
        Assert.Contains(name, help.Single().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_the_parts_that_Get_Help_looks_for_and_fits_80_columns(string name)
    {
        var lines = AboutTopics.TextOf(name).Split('\n');

        Assert.Equal(["TOPIC", $"    {name}", "", "SHORT DESCRIPTION"], lines[..4]);
        Assert.Contains("LONG DESCRIPTION", lines);
        Assert.Contains("SEE ALSO", lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_speaks_only_of_cmdlets_and_topics_that_there_are(string name)
    {
        var known = shell.Commands.Keys.Concat(AboutTopics.Names).ToHashSet();

        Assert.All(Cmdlets().Matches(AboutTopics.TextOf(name)).Select(match => match.Value), mentioned => Assert.Contains(mentioned, known));
    }

    [Fact]
    public void All_cmdlets_are_named() =>
        Assert.All(shell.Commands.Keys, command => Assert.Contains(command, AboutTopics.TextOf("about_PgEdgeUsers"), StringComparison.Ordinal));

    [Fact]
    public void All_errors_are_named()
    {
        var own = ErrorIds().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "PgEdgeUsers", "Errors.cs"))).Select(match => match.Groups[1].Value);

        Assert.All(
            CoreNames.Of("PgEdgeUsers.Core.FailureKind").Concat(own),
            id => Assert.Matches($@"\b{id}\b", AboutTopics.TextOf("about_PgEdgeUsers")));
    }

    [Fact]
    public void What_is_to_be_typed_works()
    {
        using var server = new StubServer("alice", AnsweringHost.Password);
        var text = AboutTopics.TextOf("about_PgEdgeUsers");
        var steps = text[text.IndexOf("FIRST STEPS", StringComparison.Ordinal)..text.IndexOf("WHICH FILE", StringComparison.Ordinal)].Split('\n')[1..];

        Assert.Empty(shell.Try($"Remove-PgEdgeUser alice -Confirm:$false\n{string.Join('\n', steps)}", server.Address));
    }

    [GeneratedRegex(@"\b(\w+-PgEdge\w+|about_PgEdge\w*)\b(?!,)")]
    private static partial Regex Cmdlets();

    [GeneratedRegex(@"""(\w+)"", ErrorCategory\.")]
    private static partial Regex ErrorIds();
}
