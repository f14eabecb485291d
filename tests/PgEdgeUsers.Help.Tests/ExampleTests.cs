using System.Management.Automation.Language;
using PgEdgeUsers.Help.Tests.Harness;

namespace PgEdgeUsers.Help.Tests;

/// <summary>The examples are run as they are written. Those that need more than the engine's own cmdlets are run by the Pester tests.</summary>
[Collection(nameof(OneShell))]
public sealed class ExampleTests(Shell shell) : IDisposable
{
    private readonly StubServer _server = new("alice", AnsweringHost.Password);

    public static TheoryData<string> Commands => [.. HelpFile.Commands.Select(help => help.Name)];

    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (var help in HelpFile.Commands)
            {
                foreach (var example in help.Examples)
                    examples.Add(help.Name, example.Title);
            }

            return examples;
        }
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_cmdlet_has_three_examples_of_which_at_least_one_runs_here(string command)
    {
        var examples = HelpFile.Of(command).Examples;

        Assert.True(examples.Count >= 3, $"{command} has {examples.Count} examples.");
        Assert.Equal(Enumerable.Range(1, examples.Count).Select(i => $"Example {i}"), examples.Select(example => example.Title.Trim('-', ' ').Split(':')[0]));
        Assert.Contains(examples, example => shell.HasCommandsOf(example.Code));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_parses_uses_its_cmdlet_and_says_what_it_does(string command, string title)
    {
        var example = Find(command, title);

        Parser.ParseInput(example.Code, out _, out var errors);
        Assert.Empty(errors.Select(error => error.Message));
        Assert.Contains(command, Shell.CommandsIn(example.Code));
        Assert.NotEmpty(example.Remarks);
        Assert.All(example.Code.Split('\n'), line => Assert.InRange(line.Length, 1, 80));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_runs_without_an_error(string command, string title)
    {
        var code = Find(command, title).Code;

        if (shell.HasCommandsOf(code))
            Assert.Empty(shell.Try(code, _server.Address));
    }

    private static ExampleHelp Find(string command, string title) => HelpFile.Of(command).Examples.Single(example => example.Title == title);
}
