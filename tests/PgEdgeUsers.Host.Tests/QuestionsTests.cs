using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host.Tests;

public sealed class QuestionsTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData("y", 0)]
    [InlineData("Yes", 0)]
    [InlineData("a", 1)]
    [InlineData("yes to all", 1)]
    [InlineData("N", 2)]
    [InlineData("what\n\n y ", 0)]
    public void An_answer_is_a_hot_key_or_a_label(string answers, int expected) =>
        Assert.Equal(expected, Choose(answers, isTerminal: false));

    [Fact]
    public void Enter_at_a_terminal_is_the_default() => Assert.Equal(2, Choose("\n", isTerminal: true, defaultChoice: 2));

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData("\n\n", false)]
    [InlineData("what", true)]
    public void The_end_of_the_input_chooses_nothing(string answers, bool isTerminal) =>
        Assert.Throws<PSInvalidOperationException>(() => Choose(answers, isTerminal));

    [Fact]
    public void Without_a_default_the_question_is_asked_again() =>
        Assert.Equal(2, Choose("\nn", isTerminal: true, defaultChoice: -1));

    [Fact]
    public void Help_says_what_every_choice_does()
    {
        Choose("?\ny", isTerminal: true);

        Assert.Contains("A - every one", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_parameters_are_asked_for_by_their_types()
    {
        FieldDescription[] fields =
        [
            Field("Name", typeof(string)), Field("Secret", typeof(SecureString)), Field("Login", typeof(PSCredential)),
            Field("Count", typeof(int)), Field("Ids", typeof(int[])),
        ];

        var answers = Ask("alice\ns3cret\nbob\nhunter2\nmany\n4\n1\n2\n\n", fields);

        Assert.Equal("alice", answers["Name"].BaseObject);
        Assert.Equal("s3cret", new NetworkCredential("", (SecureString)answers["Secret"].BaseObject).Password);
        var login = (PSCredential)answers["Login"].BaseObject;
        Assert.Equal(("bob", "hunter2"), (login.UserName, login.GetNetworkCredential().Password));
        Assert.Equal(4, answers["Count"].BaseObject);
        Assert.Equal([1, 2], (object[])answers["Ids"].BaseObject);
        Assert.Contains("'many' is not a value of type Int32.", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", typeof(string))]
    [InlineData("", typeof(SecureString))]
    [InlineData("", typeof(PSCredential))]
    [InlineData("bob\n", typeof(PSCredential))]
    [InlineData("many\n", typeof(int))]
    [InlineData("1\n", typeof(int[]))]
    public void The_end_of_the_input_is_no_parameter(string answers, Type type) =>
        Assert.Throws<PSInvalidOperationException>(() => Ask(answers, Field("It", type)));

    private int Choose(string answers, bool isTerminal, int defaultChoice = 0) =>
        new Questions(new Answers(answers, isTerminal), _output).Choose(
            "Confirm", "Sure?", [new("&Yes", "this one"), new("Yes to &All", "every one"), new("&No", "none")], defaultChoice);

    private Dictionary<string, PSObject> Ask(string answers, params FieldDescription[] fields) =>
        new Questions(new RedirectedInput(new StringReader(answers), _output), _output)
            .AskForFields("", "", new Collection<FieldDescription>(fields));

    private static FieldDescription Field(string name, Type type)
    {
        var field = new FieldDescription(name);
        field.SetParameterType(type);
        return field;
    }

    private sealed class Answers(string answers, bool isTerminal) : IInput
    {
        private readonly RedirectedInput _lines = new(new StringReader(answers), TextWriter.Null);

        public bool IsTerminal => isTerminal;

        public string ReadLine(string prompt) => _lines.ReadLine(prompt);

        public SecureString ReadSecret(string prompt) => _lines.ReadSecret(prompt);
    }
}
