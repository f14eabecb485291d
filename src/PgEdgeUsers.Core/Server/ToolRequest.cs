using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>The bodies of requests about tools: JSON-RPC, as both generations of the server accept it.</summary>
internal static class ToolRequest
{
    /// <summary>Asks for all tools.</summary>
    public static byte[] List => """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();

    /// <summary>Calls a tool.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, as a JSON object.</param>
    public static byte[] Call(string name, ReadOnlySpan<byte> arguments)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", 1);
            json.WriteString("method", "tools/call");
            json.WriteStartObject("params");
            json.WriteString("name", name);
            json.WritePropertyName("arguments");
            json.WriteRawValue(arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
