using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using PgEdgeUsers.Help.Tests.Harness;

namespace PgEdgeUsers.Help.Tests;

/// <summary>The documents: what they have typed parses and uses what there is, and their links lead somewhere. Pester runs the rest.</summary>
[Collection(nameof(OneShell))]
public sealed partial class DocumentTests(Shell shell)
{
    private const string Flags = "docs/from-server-flags.md";

    public static TheoryData<string> Documents => [.. Repository.Documents.Select(Repository.NameOf)];

    public static TheoryData<string> FlagLines => [.. Open(Flags).LastCells("PowerShell")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void PowerShell_in_a_document_parses_and_uses_cmdlets_and_parameters_that_there_are(string document)
    {
        foreach (var block in Open(document).PowerShell)
        {
            var script = Parser.ParseInput(block, out _, out var errors);
            Assert.Empty(errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}"));
            foreach (var command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
                CheckParameters(command);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_speaks_only_of_cmdlets_and_topics_that_there_are(string document)
    {
        var known = shell.Commands.Keys.Concat(AboutTopics.Names).ToHashSet();

        Assert.All(Cmdlets().Matches(Open(document).Text).Select(match => match.Value), mentioned => Assert.Contains(mentioned, known));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_links_of_a_document_lead_to_files_and_headings_that_there_are(string document)
    {
        foreach (var link in Open(document).Links)
        {
            var (file, anchor) = link.Split('#') is [var path, var heading] ? (path, heading) : (link, null);
            var target = file.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, file);
            Assert.True(Path.Exists(Path.Combine(Repository.Root, target)), $"{document} has a link to {link}.");
            if (anchor is not null)
                Assert.Contains(anchor, Open(target).Anchors);
        }
    }

    [Theory]
    [MemberData(nameof(FlagLines))]
    public void A_line_for_the_servers_flags_runs_without_an_error(string line)
    {
        using var server = new StubServer("alice", AnsweringHost.Password);

        Assert.Empty(shell.Try(line, server.Address));
    }

    [Theory]
    [InlineData("-add-user")]
    [InlineData("-username")]
    [InlineData("-password")]
    [InlineData("-user-note")]
    [InlineData("-list-users")]
    [InlineData("-update-user")]
    [InlineData("-disable-user")]
    [InlineData("-enable-user")]
    [InlineData("-delete-user")]
    [InlineData("-user-file")]
    public void Each_flag_of_the_server_has_a_line(string flag) => Assert.Matches($@"\| `[^`]*{flag}\b[^`]*` \| `", Open(Flags).Text);

    private void CheckParameters(CommandAst command)
    {
        if (command.GetCommandName() is not { } name || !shell.Commands.TryGetValue(name, out var cmdlet))
            return;
        foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>())
            Assert.NotNull(cmdlet.ResolveParameter(parameter.ParameterName));
    }

    private static MarkdownFile Open(string document) => new(Path.Combine(Repository.Root, document));

    [GeneratedRegex(@"\b([A-Z]\w+-PgEdge\w+|about_PgEdge\w*)\b")]
    private static partial Regex Cmdlets();
}
