using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Server;

/// <summary>The response to a request that lists the tools: a result or an error.</summary>
internal sealed record ToolListResponse(RpcError? Error, ToolList? Result);

internal sealed record ToolList(ToolDefinition?[]? Tools);

internal sealed record ToolDefinition(string? Name, string? Description, JsonElement InputSchema);

/// <summary>The response to a call of a tool: a result or an error.</summary>
internal sealed record ToolCallResponse(RpcError? Error, ToolCallResult? Result);

/// <summary>The result of a tool.</summary>
/// <param name="Content">The texts, and content of other types.</param>
/// <param name="IsError">Whether the tool failed. The content then is the reason.</param>
internal sealed record ToolCallResult(JsonElement[]? Content, bool IsError)
{
    /// <summary>The texts. Content of other types is represented as JSON.</summary>
    public IEnumerable<string> Texts => (Content ?? []).Select(content =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("text", out var text)
            && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : content.GetRawText());
}

/// <summary>An error of the JSON-RPC protocol.</summary>
internal sealed record RpcError(string? Message, JsonElement? Data)
{
    /// <summary>The message, followed by the reason if the server gives one.</summary>
    public string Text =>
        Data is { ValueKind: JsonValueKind.String } data ? $"{Message}: {data.GetString()}" : Message ?? "";
}

/// <summary>The body of a response with status 401 from newer servers.</summary>
internal sealed record RefusedCall(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ToolListResponse))]
[JsonSerializable(typeof(ToolCallResponse))]
[JsonSerializable(typeof(RefusedCall))]
internal sealed partial class ToolJson : JsonSerializerContext;
