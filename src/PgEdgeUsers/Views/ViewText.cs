using System.Globalization;
using System.Management.Automation;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>
/// The cells of the module's views, as code properties that the type file adds to output objects, hidden from scripts.
/// They make characters visible that could control a terminal, and look the same in every culture. Script blocks in the
/// views could not do this: in ConstrainedLanguage mode they must not call methods.
/// </summary>
public static class ViewText
{
    private const string Red = "\u001b[31m";
    private const string Yellow = "\u001b[33m";

    /// <summary>The user name.</summary>
    public static string Username(PSObject instance) => Text(instance, nameof(PgEdgeUser.Username));

    /// <summary>The annotation.</summary>
    public static string Annotation(PSObject instance) => Text(instance, nameof(PgEdgeUser.Annotation));

    /// <summary>The path of the user file.</summary>
    public static string Path(PSObject instance) => Text(instance, nameof(PgEdgeUser.Path));

    /// <summary>The owner of the user file.</summary>
    public static string Owner(PSObject instance) => Text(instance, nameof(PgEdgeUserFile.Owner));

    /// <summary>The reason.</summary>
    public static string Reason(PSObject instance) => Text(instance, nameof(PgEdgeAuditEvent.Reason));

    /// <summary>The user file or server of an event.</summary>
    public static string Target(PSObject instance) => Text(instance, nameof(PgEdgeAuditEvent.Target));

    /// <summary>The actor of an event.</summary>
    public static string Actor(PSObject instance) => Text(instance, nameof(PgEdgeAuditEvent.Actor));

    /// <summary>The value before the change that an event records.</summary>
    public static string OldValue(PSObject instance) => Text(instance, nameof(PgEdgeAuditEvent.OldValue));

    /// <summary>The value after the change that an event records.</summary>
    public static string NewValue(PSObject instance) => Text(instance, nameof(PgEdgeAuditEvent.NewValue));

    /// <summary>The outcome of an event: if it was refused, the reason, in color.</summary>
    public static string Outcome(PSObject instance)
    {
        if (Value(instance, nameof(PgEdgeAuditEvent.Success)) is true)
            return "Success";
        return Colored(Reason(instance) is { Length: > 0 } reason ? reason : "Refused", Red);
    }

    /// <summary>The server or user file of a session.</summary>
    public static string Location(PSObject instance) =>
        Text(instance, nameof(PgEdgeSession.Uri)) is { Length: > 0 } uri
            ? uri
            : Text(instance, nameof(PgEdgeSession.Path));

    /// <summary>A finding with its remedy.</summary>
    public static string Finding(PSObject instance) =>
        $"{Text(instance, nameof(PgEdgeUserFileFinding.Message))} "
            + $"{Text(instance, nameof(PgEdgeUserFileFinding.Remedy))}".TrimEnd();

    /// <summary>Asterisks if there is a generated password.</summary>
    public static string GeneratedPassword(PSObject instance) =>
        Value(instance, UserOutput.GeneratedPassword) is null ? "" : "********";

    /// <summary>When the account was created.</summary>
    public static string Created(PSObject instance) => Time(instance, nameof(PgEdgeUser.CreatedAt), "Unknown");

    /// <summary>The last sign-in, padded: PowerShell derives the width of a column from the first rows.</summary>
    public static string LastLogin(PSObject instance) =>
        Time(instance, nameof(PgEdgeUser.LastLogin), "Never").PadRight(16);

    /// <summary>When this module set the password.</summary>
    public static string PasswordLastSet(PSObject instance) =>
        Time(instance, nameof(PgEdgeUser.PasswordLastSet), "Unknown");

    /// <summary>The values that a recorded change changed.</summary>
    public static string Changes(PSObject instance) =>
        string.Join("; ", Texts(instance, nameof(PgEdgeUserHistory.Changes)));

    /// <summary>The name of a tool.</summary>
    public static string ToolName(PSObject instance) => Text(instance, nameof(PgEdgeTool.Name));

    /// <summary>The arguments of a tool, with optional ones in brackets.</summary>
    public static string ToolArguments(PSObject instance)
    {
        var required = Texts(instance, nameof(PgEdgeTool.RequiredArguments)).ToHashSet();
        var arguments = Texts(instance, nameof(PgEdgeTool.Arguments));
        return string.Join(' ', arguments.Select(name => required.Contains(name) ? name : $"[{name}]"));
    }

    /// <summary>The first line of the description of a tool.</summary>
    public static string ToolSummary(PSObject instance) => Lines(instance, nameof(PgEdgeTool.Description))[0];

    /// <summary>The description of a tool.</summary>
    public static string ToolDescription(PSObject instance) =>
        string.Join(Environment.NewLine, Lines(instance, nameof(PgEdgeTool.Description)));

    /// <summary>The JSON schema of the arguments of a tool.</summary>
    public static string ToolSchema(PSObject instance) => Text(instance, nameof(PgEdgeTool.InputSchema));

    /// <summary>When a session began.</summary>
    public static string Issued(PSObject instance) => Time(instance, nameof(PgEdgeSession.IssuedAt), "");

    /// <summary>When a session ends.</summary>
    public static string Expires(PSObject instance) => Time(instance, nameof(PgEdgeSession.ExpiresAt), "");

    /// <summary>The time of an event, to the second.</summary>
    public static string EventTime(PSObject instance) =>
        Time(instance, nameof(PgEdgeAuditEvent.Time), "", "yyyy-MM-dd HH:mm:ss");

    /// <summary>The status, in color if it is not the usual one.</summary>
    public static string Status(PSObject instance) => Text(instance, nameof(PgEdgeUser.Status)) is var status
        && status == nameof(PgEdgeUserStatus.Disabled) ? Colored(status, Yellow) : $"{status,-8}";

    /// <summary>
    /// Text in color if it goes to a terminal. PowerShell removes the color if <c>NO_COLOR</c> or
    /// <c>$PSStyle.OutputRendering</c> says so, but not from output that the host redirects.
    /// </summary>
    private static string Colored(string text, string color) =>
        Console.IsOutputRedirected ? text : $"{color}{text}\u001b[0m";

    private static string Time(PSObject instance, string property, string none, string format = "yyyy-MM-dd HH:mm") =>
        Value(instance, property) is DateTime time ? time.ToString(format, CultureInfo.InvariantCulture) : none;

    private static string Text(PSObject instance, string property) =>
        VisibleText.Of(Value(instance, property)?.ToString() ?? "");

    private static IEnumerable<string> Texts(PSObject instance, string property) =>
        Value(instance, property) is System.Collections.IEnumerable values
            ? values.Cast<object>().Select(value => VisibleText.Of($"{value}"))
            : [];

    private static string[] Lines(PSObject instance, string property) =>
        [.. $"{Value(instance, property)}".ReplaceLineEndings("\n").Split('\n').Select(VisibleText.Of)];

    private static object? Value(PSObject instance, string property) =>
        instance?.Properties[property]?.Value switch
        {
            PSObject wrapped => wrapped.BaseObject,
            var value => value,
        };
}
