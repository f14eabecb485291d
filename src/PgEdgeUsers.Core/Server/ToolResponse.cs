using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Server;

/// <summary>The answer to a list of tools: a result or an error.</summary>
internal sealed record ToolListAnswer(RpcError? Error, ToolList? Result);

internal sealed record ToolList(ToolDefinition?[]? Tools);

internal sealed record ToolDefinition(string? Name, string? Description, JsonElement InputSchema);

/// <summary>The answer to a call of a tool: a result or an error.</summary>
internal sealed record ToolCallAnswer(RpcError? Error, ToolCallResult? Result);

/// <summary>What a tool returned.</summary>
/// <param name="Content">Texts, and content of other types.</param>
/// <param name="IsError">Whether the content says why the tool failed.</param>
internal sealed record ToolCallResult(JsonElement[]? Content, bool IsError)
{
    /// <summary>The texts; content of another type as its JSON.</summary>
    public IEnumerable<string> Texts => (Content ?? []).Select(content =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("text", out var text)
            && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : content.GetRawText());
}

/// <summary>An error of the JSON-RPC protocol.</summary>
internal sealed record RpcError(string? Message, JsonElement? Data)
{
    /// <summary>The message, and the reason if the server gives one.</summary>
    public string Text =>
        Data is { ValueKind: JsonValueKind.String } data ? $"{Message}: {data.GetString()}" : Message ?? "";
}

/// <summary>The body of a 401 of newer servers.</summary>
internal sealed record RefusedCall(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ToolListAnswer))]
[JsonSerializable(typeof(ToolCallAnswer))]
[JsonSerializable(typeof(RefusedCall))]
internal sealed partial class ToolJson : JsonSerializerContext;
