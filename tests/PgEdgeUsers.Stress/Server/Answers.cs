using System.Text;
using System.Text.Json;

namespace PgEdgeUsers.Stress.Server;

/// <summary>Writes the answer to a request.</summary>
internal delegate Task Answer(HttpRequest request, Stream stream, CancellationToken stop);

/// <summary>Answers that a test chooses.</summary>
internal static class Answers
{
    /// <summary>No answer at all.</summary>
    public static Answer Never { get; } = (_, _, stop) => Task.Delay(Timeout.Infinite, stop);

    public static Answer Json(object content) =>
        Content(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(content));

    public static Answer Text(int status, string text) =>
        Content(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static Answer Content(int status, string type, byte[] body, params string[] headers) =>
        async (_, stream, stop) =>
    {
        string[] head = [$"HTTP/1.1 {status} Status", $"Content-Type: {type}", $"Content-Length: {body.Length}",
            "Connection: close", .. headers, "\r\n"];
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head)), stop).ConfigureAwait(false);
        await stream.WriteAsync(body, stop).ConfigureAwait(false);
    };

    /// <summary>Text that need not be HTTP; the connection is closed after it.</summary>
    public static Answer Raw(string text) =>
        (_, stream, stop) =>
            stream.WriteAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")), stop).AsTask();

    /// <summary>The answer of a tool: JSON within JSON.</summary>
    /// <param name="text">What the tool returns; anything but a string is written as JSON.</param>
    public static Answer ToolResult(object text) =>
        Rpc(new { content = new[] { new { type = "text", text = text as string ?? JsonSerializer.Serialize(text) } } });

    /// <summary>The answer of a tool that says why it failed.</summary>
    public static Answer ToolFailure(string text) =>
        Rpc(new { content = new[] { new { type = "text", text } }, isError = true });

    /// <summary>The answer of the server if a tool ends without a result, as a refused sign-in does.</summary>
    public static Answer ToolError(object data) => RpcError(-32603, "Internal error", data);

    public static Answer RpcError(int code, string message, object? data = null) =>
        Json(new { jsonrpc = "2.0", id = 1, error = new { code, message, data } });

    public static Answer Rpc(object result) => Json(new { jsonrpc = "2.0", id = 1, result });
}
