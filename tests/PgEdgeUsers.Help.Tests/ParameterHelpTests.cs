using System.Globalization;
using System.Security;
using PgEdgeUsers.Help.Tests.Harness;

namespace PgEdgeUsers.Help.Tests;

/// <summary>The help against the cmdlets as PowerShell sees them, in both directions.</summary>
[Collection(nameof(OneShell))]
public sealed class ParameterHelpTests(Shell shell)
{
    private static readonly HashSet<string> Common = [.. Cmdlet.CommonParameters];

    public static TheoryData<string> Commands => [.. HelpFile.Commands.Select(help => help.Name)];

    [Fact]
    public void There_is_help_for_each_cmdlet_and_for_nothing_else() =>
        Assert.Equal(shell.Commands.Keys.Order(StringComparer.Ordinal), HelpFile.Commands.Select(help => help.Name));

    [Theory]
    [MemberData(nameof(Commands))]
    public void There_is_help_for_each_parameter_and_for_nothing_else(string command)
    {
        var parameters = HelpFile.Of(command).Parameters;

        Assert.Equal(Actual(command).Keys.Order(StringComparer.Ordinal), parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        Assert.All(parameters, parameter => Assert.NotEmpty(parameter.Description));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_parameter_has_its_true_type_aliases_position_and_pipeline_input(string command)
    {
        foreach (var help in HelpFile.Of(command).Parameters)
        {
            var sets = SetsOf(command, help.Name);
            var parameter = sets[0].Parameter;
            var expected = help with
            {
                IsRequired = parameter.IsMandatory,
                Position = PositionOf(parameter),
                PipelineInput = PipelineInputOf(parameter),
                Aliases = AliasesOf(parameter),
                Type = NameOf(parameter.ParameterType),
                ValueName = NameOf(parameter.ParameterType),
            };
            Assert.Equal(expected, help);
            Assert.All(sets, set => Assert.Equal(PipelineInputOf(parameter), PipelineInputOf(set.Parameter)));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_parameter_has_its_true_default(string command)
    {
        var cmdlet = Activator.CreateInstance(shell.Commands[command].ImplementingType)!;
        foreach (var help in HelpFile.Of(command).Parameters)
        {
            var value = cmdlet.GetType().GetProperty(help.Name)?.GetValue(cmdlet);
            var text = help.Name is "WhatIf" or "Confirm" ? "False" : DefaultOf(value);
            // What no value can say is said in parentheses: what happens when the parameter is not given.
            Assert.True(
                text == help.DefaultValue || (text == "None" && help.DefaultValue is ['(', .., ')']),
                $"{command} -{help.Name} has the default {text}; the help says {help.DefaultValue}.");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameters_that_take_wildcards_say_so(string command)
    {
        foreach (var help in HelpFile.Of(command).Parameters)
        {
            var isMarked = Actual(command)[help.Name].Attributes.OfType<SupportsWildcardsAttribute>().Any();
            Assert.Equal(isMarked, help.TakesWildcards);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameters_with_a_choice_of_values_name_them_all(string command)
    {
        foreach (var (name, parameter) in Actual(command))
        {
            var values = ValuesOf(parameter);
            var description = HelpFile.Of(command).Parameters.Single(help => help.Name == name).Description;
            if (values.Length > 0)
                Assert.EndsWith($"Accepted values: {string.Join(", ", values)}.", description, StringComparison.Ordinal);
            else
                Assert.DoesNotContain("Accepted values", description, StringComparison.Ordinal);
            Assert.All(HelpFile.Of(command).Syntax.SelectMany(syntax => syntax.Parameters).Where(help => help.Name == name), help => Assert.Equal(values, help.Values));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void There_is_a_syntax_for_each_parameter_set_and_for_nothing_else(string command)
    {
        var actual = shell.Commands[command].ParameterSets.Select(set => Describe(command, set.Parameters
            .Where(parameter => !Common.Contains(parameter.Name))
            .Select(parameter => (parameter.Name, parameter.IsMandatory, PositionOf(parameter), PipelineInputOf(parameter), AliasesOf(parameter)))));
        var documented = HelpFile.Of(command).Syntax.Select(syntax => Describe(syntax.Command, syntax.Parameters
            .Select(parameter => (parameter.Name, parameter.IsRequired, parameter.Position, parameter.PipelineInput, parameter.Aliases))));

        Assert.Equal(actual.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_syntax_of_the_default_parameter_set_stands_first(string command)
    {
        var sets = shell.Commands[command].ParameterSets;
        var first = sets.Count == 1 ? sets[0] : sets.Single(set => set.IsDefault);

        Assert.Equal(
            first.Parameters.Select(parameter => parameter.Name).Where(name => !Common.Contains(name)).Order(StringComparer.Ordinal),
            HelpFile.Of(command).Syntax[0].Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
    }

    private Dictionary<string, ParameterMetadata> Actual(string command) =>
        shell.Commands[command].Parameters.Where(parameter => !Common.Contains(parameter.Key)).ToDictionary();

    private (CommandParameterSetInfo Set, CommandParameterInfo Parameter)[] SetsOf(string command, string name) =>
        [.. shell.Commands[command].ParameterSets.SelectMany(set => set.Parameters.Where(parameter => parameter.Name == name).Select(parameter => (set, parameter)))];

    private static string Describe(string command, IEnumerable<(string Name, bool IsMandatory, string Position, string PipelineInput, string Aliases)> parameters) =>
        $"{command} {string.Join(", ", parameters.Order())}";

    private static string PositionOf(CommandParameterInfo parameter) =>
        parameter.Position < 0 ? "named" : parameter.Position.ToString(CultureInfo.InvariantCulture);

    private static string PipelineInputOf(CommandParameterInfo parameter) => (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static string AliasesOf(CommandParameterInfo parameter) =>
        parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases);

    private static string NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name;

    private static string[] ValuesOf(ParameterMetadata parameter)
    {
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set)
            return [.. set.ValidValues];
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsEnum ? Enum.GetNames(type) : [];
    }

    private static string DefaultOf(object? value) => value switch
    {
        SwitchParameter given => given.IsPresent.ToString(),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        string[] { Length: > 0 } texts => string.Join(", ", texts),
        null or "" or string[] or SecureString { Length: 0 } => "None",
        PSCredential credential when ReferenceEquals(credential, PSCredential.Empty) => "None",
        DateTime time when time == DateTime.MinValue || time == DateTime.MaxValue => "None",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
