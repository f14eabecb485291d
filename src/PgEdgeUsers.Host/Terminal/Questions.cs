using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>The questions that cmdlets and the engine ask: choices, missing parameters, credentials.</summary>
internal sealed class Questions(IInput input, TextWriter output)
{
    private const string AskForHelp = "!?";

    public int Choose(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(defaultChoice, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(defaultChoice, choices.Count);
        Explain(caption, message);
        var labels = choices.Select(choice => new Label(choice.Label)).ToArray();
        var prompt = string.Concat(labels.Select(label => $"{label}  ")) + "[?] Help"
            + (defaultChoice < 0 ? ": " : $" (default is \"{labels[defaultChoice].Answer}\"): ");
        while (true)
        {
            var answer = input.ReadLine(prompt).Trim();
            if (answer.Length == 0 && defaultChoice >= 0 && input.IsTerminal)
            {
                return defaultChoice;
            }
            var chosen = Array.FindIndex(labels, label => label.IsMeantBy(answer));
            if (chosen >= 0)
            {
                return chosen;
            }
            if (answer == "?")
            {
                foreach (var (label, choice) in labels.Zip(choices))
                {
                    output.WriteLine($"{label.Answer} - {choice.HelpMessage}");
                }
            }
        }
    }

    public Dictionary<string, PSObject> AskForFields(
        string caption, string message, Collection<FieldDescription> fields)
    {
        Explain(caption, message);
        if (fields.Any(field => !string.IsNullOrEmpty(field.HelpMessage)))
        {
            output.WriteLine($"(Type {AskForHelp} for Help.)");
        }
        return fields.ToDictionary(field => field.Name, field => PSObject.AsPSObject(AskForField(field)));
    }

    public PSCredential AskForCredential(string caption, string message, string? userName)
    {
        Explain(caption, message);
        while (string.IsNullOrWhiteSpace(userName))
        {
            userName = input.ReadLine("User: ");
        }
        return new PSCredential(userName, input.ReadSecret($"Password for user {userName}: "));
    }

    private object AskForField(FieldDescription field)
    {
        var name = string.IsNullOrEmpty(field.Label) ? field.Name : new Label(field.Label).Text;
        var type = TypeOf(field);
        if (!type.IsAssignableTo(typeof(IList)))
        {
            return AskForValue(field, name, type);
        }
        var items = new List<object>();
        var itemType = type.GetElementType() ?? typeof(string);
        while (AskForValue(field, $"{name}[{items.Count}]", itemType) is not (string { Length: 0 } or SecureString { Length: 0 }) and var item)
        {
            items.Add(item);
        }
        return items.ToArray();
    }

    private object AskForValue(FieldDescription field, string name, Type type)
    {
        if (type == typeof(SecureString))
        {
            return input.ReadSecret($"{name}: ");
        }
        if (type == typeof(PSCredential))
        {
            return AskForCredential("", "", userName: null);
        }
        while (true)
        {
            var answer = input.ReadLine($"{name}: ");
            if (answer == AskForHelp && !string.IsNullOrEmpty(field.HelpMessage))
            {
                output.WriteLine(field.HelpMessage);
            }
            else if (answer.Length == 0)
            {
                return answer;
            }
            else if (LanguagePrimitives.TryConvertTo(answer, type, out var value))
            {
                return value;
            }
            else
            {
                output.WriteLine($"'{answer}' is not a value of type {type.Name}.");
            }
        }
    }

    private void Explain(string caption, string message)
    {
        foreach (var line in (string[])[caption, message])
        {
            if (!string.IsNullOrEmpty(line))
            {
                output.WriteLine(line);
            }
        }
    }

    private static Type TypeOf(FieldDescription field) =>
        LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var type)
        || LanguagePrimitives.TryConvertTo(field.ParameterTypeFullName, out type)
            ? type!
            : typeof(string);

    /// <summary>A label with its hot key marked by an ampersand, as in <c>Yes to &amp;All</c>.</summary>
    private sealed class Label
    {
        private readonly string _key;

        public Label(string label)
        {
            var mark = label.IndexOf('&', StringComparison.Ordinal);
            _key = mark >= 0 && mark + 1 < label.Length ? label.Substring(mark + 1, 1).ToUpperInvariant() : "";
            Text = mark >= 0 ? label.Remove(mark, 1) : label;
        }

        public string Text { get; }

        /// <summary>The shortest answer that means this choice.</summary>
        public string Answer => _key.Length > 0 ? _key : Text;

        public bool IsMeantBy(string answer) =>
            answer.Length > 0
            && (answer.Equals(_key, StringComparison.OrdinalIgnoreCase)
                || answer.Equals(Text, StringComparison.OrdinalIgnoreCase));

        public override string ToString() => $"[{Answer}] {Text}";
    }
}
