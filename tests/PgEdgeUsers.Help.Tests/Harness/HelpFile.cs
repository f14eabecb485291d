using System.Xml.Linq;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>The help of the cmdlets, as the file has it that PowerShell reads.</summary>
internal static class HelpFile
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help of each cmdlet, in the order of the file.</summary>
    public static IReadOnlyList<CommandHelp> Commands { get; } =
        [.. XDocument.Load(Path.Combine(Repository.Help, "PgEdgeUsers.dll-Help.xml"), LoadOptions.PreserveWhitespace).Root!.Elements(Command + "command").Select(Read)];

    public static CommandHelp Of(string command) => Commands.Single(help => help.Name == command);

    private static CommandHelp Read(XElement command)
    {
        var details = command.Element(Command + "details")!;
        return new CommandHelp(
            details.Element(Command + "name")!.Value,
            Text(details.Element(Maml + "description")),
            Text(command.Element(Maml + "description")),
            [.. command.Element(Command + "syntax")!.Elements(Command + "syntaxItem").Select(item => new SyntaxHelp(
                item.Element(Maml + "name")!.Value, Parameters(item)))],
            Parameters(command.Element(Command + "parameters")!),
            Types(command, "inputTypes", "inputType"),
            Types(command, "returnValues", "returnValue"),
            Text(command.Element(Maml + "alertSet")?.Element(Maml + "alert")),
            [.. command.Element(Command + "examples")!.Elements(Command + "example").Select(example => new ExampleHelp(
                example.Element(Maml + "title")!.Value,
                example.Element(Dev + "code")!.Value,
                Text(example.Element(Dev + "remarks"))))],
            [.. command.Element(Command + "relatedLinks")!.Elements(Maml + "navigationLink").Select(link => link.Element(Maml + "linkText")!.Value)]);
    }

    private static ParameterHelp[] Parameters(XElement owner) => [.. owner.Elements(Command + "parameter").Select(parameter => new ParameterHelp(
        parameter.Element(Maml + "name")!.Value,
        bool.Parse(parameter.Attribute("required")!.Value),
        parameter.Attribute("position")!.Value,
        parameter.Attribute("pipelineInput")!.Value,
        bool.Parse(parameter.Attribute("globbing")!.Value),
        parameter.Attribute("aliases")!.Value,
        parameter.Element(Command + "parameterValue")?.Value,
        [.. parameter.Element(Command + "parameterValueGroup")?.Elements(Command + "parameterValue").Select(value => value.Value) ?? []],
        parameter.Element(Dev + "type")?.Element(Maml + "name")?.Value,
        parameter.Element(Dev + "defaultValue")?.Value,
        Text(parameter.Element(Maml + "description"))))];

    private static string[] Types(XElement command, string list, string item) =>
        [.. command.Element(Command + list)!.Elements(Command + item).Select(type => type.Element(Dev + "type")!.Element(Maml + "name")!.Value)];

    private static string Text(XElement? paragraphs) =>
        string.Join('\n', paragraphs?.Elements(Maml + "para").Select(paragraph => paragraph.Value).Where(text => text.Length > 0) ?? []);
}

/// <summary>What the help says of a cmdlet.</summary>
internal sealed record CommandHelp(
    string Name,
    string Synopsis,
    string Description,
    IReadOnlyList<SyntaxHelp> Syntax,
    IReadOnlyList<ParameterHelp> Parameters,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    string Notes,
    IReadOnlyList<ExampleHelp> Examples,
    IReadOnlyList<string> Links);

/// <summary>What the help says of a parameter set.</summary>
internal sealed record SyntaxHelp(string Command, IReadOnlyList<ParameterHelp> Parameters);

/// <summary>What the help says of a parameter.</summary>
internal sealed record ParameterHelp(
    string Name,
    bool IsRequired,
    string Position,
    string PipelineInput,
    bool TakesWildcards,
    string Aliases,
    string? ValueName,
    IReadOnlyList<string> Values,
    string? Type,
    string? DefaultValue,
    string Description);

/// <summary>An example: what to type, and what it does.</summary>
internal sealed record ExampleHelp(string Title, string Code, string Remarks)
{
    public override string ToString() => Title;
}
