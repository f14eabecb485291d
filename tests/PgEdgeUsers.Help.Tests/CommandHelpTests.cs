using PgEdgeUsers.Help.Tests.Harness;

namespace PgEdgeUsers.Help.Tests;

/// <summary>What the help of each cmdlet has, and that Get-Help finds it.</summary>
[Collection(nameof(OneShell))]
public sealed class CommandHelpTests(Shell shell)
{
    public static TheoryData<string> Commands => [.. HelpFile.Commands.Select(help => help.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Get_Help_shows_it(string command)
    {
        var help = HelpFile.Of(command);

        var (shown, errors) = shell.Run($$"""
            $help = Get-Help {{command}} -Full
            $help.Synopsis
            $help.examples.example.Count
            $help.parameters.parameter | ForEach-Object { "$($_.name) $($_.defaultValue)" }
            """);

        Assert.Empty(errors);
        Assert.Equal(
            [help.Synopsis, $"{help.Examples.Count}", .. help.Parameters.Select(parameter => $"{parameter.Name} {parameter.DefaultValue}")],
            shown.Select(line => line.ToString()));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void It_says_what_the_cmdlet_takes_gives_and_does(string command)
    {
        var help = HelpFile.Of(command);

        Assert.Matches(@"^[A-Z][^\n]*\.$", help.Synopsis);
        Assert.NotEmpty(help.Description);
        Assert.NotEmpty(help.Notes);
        Assert.NotEmpty(help.Inputs);
        Assert.NotEmpty(help.Outputs);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void It_names_the_types_that_the_cmdlet_writes(string command) =>
        Assert.Equal(
            shell.Commands[command].OutputType.Select(type => type.Name).DefaultIfEmpty("None"),
            HelpFile.Of(command).Outputs.Where((type, i) => type != "None" || i == HelpFile.Of(command).Outputs.Count - 1));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Its_links_lead_to_other_cmdlets_and_to_topics_of_the_module(string command)
    {
        var targets = shell.Commands.Keys.Concat(AboutTopics.Names).Where(name => name != command);

        Assert.NotEmpty(HelpFile.Of(command).Links);
        Assert.All(HelpFile.Of(command).Links, link => Assert.Contains(link, targets));
    }

    [Fact]
    public void The_kinds_of_findings_are_all_named() =>
        Assert.All(CoreNames.Of("PgEdgeUsers.Core.Inspection.FindingKind"), kind => Assert.Contains(kind, HelpFile.Of("Test-PgEdgeUserFile").Notes, StringComparison.Ordinal));

    [Fact]
    public void The_reasons_of_refused_sign_ins_are_all_named() =>
        Assert.All(CoreNames.Of("PgEdgeUsers.Core.SignIn.RefusalReason"), reason => Assert.Contains(reason, HelpFile.Of("Get-PgEdgeAuditEvent").Notes, StringComparison.Ordinal));
}
