using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>A tool that a server offers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The server's description; empty if it gives none.</param>
/// <param name="Arguments">The names of its arguments, in the server's order.</param>
/// <param name="RequiredArguments">The names of the required arguments.</param>
/// <param name="InputSchema">The JSON schema of its arguments; empty if there is none.</param>
public sealed record ServerTool(
    string Name,
    string Description,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> RequiredArguments,
    string InputSchema)
{
    /// <summary>Converts a definition.</summary>
    /// <exception cref="JsonException">The definition has no name.</exception>
    internal static ServerTool From(ToolDefinition? definition)
    {
        if (definition is not { Name: { Length: > 0 } name })
            throw new JsonException();
        var schema = definition.InputSchema;
        var properties = Property(schema, "properties", JsonValueKind.Object);
        var required = Property(schema, "required", JsonValueKind.Array);
        return new ServerTool(
            name,
            definition.Description ?? "",
            [.. properties?.EnumerateObject().Select(property => property.Name) ?? []],
            [.. required?.EnumerateArray().Where(IsText).Select(item => item.GetString()!) ?? []],
            schema.ValueKind == JsonValueKind.Undefined ? "" : schema.GetRawText());
    }

    private static bool IsText(JsonElement item) => item.ValueKind == JsonValueKind.String;

    private static JsonElement? Property(JsonElement schema, string name, JsonValueKind kind) =>
        schema.ValueKind == JsonValueKind.Object
            && schema.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : null;
}
