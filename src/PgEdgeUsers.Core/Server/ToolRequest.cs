using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>Creates JSON-RPC requests about tools, which both generations of the server accept.</summary>
internal static class ToolRequest
{
    /// <summary>The body of a request that lists all tools.</summary>
    public static byte[] List => """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();

    /// <summary>Writes the body of a request that calls a tool.</summary>
    /// <param name="name">The name of the tool.</param>
    /// <param name="arguments">The arguments, as a JSON object in UTF-8.</param>
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
