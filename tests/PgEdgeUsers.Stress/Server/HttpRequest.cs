using System.Globalization;
using System.Text;

namespace PgEdgeUsers.Stress.Server;

/// <summary>A request as the test server received it.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Such as <c>/mcp/v1</c>.</param>
/// <param name="Headers">The headers by name, whatever its case.</param>
/// <param name="Body">The body; empty if there is none.</param>
internal sealed record HttpRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const string EndOfHead = "\r\n\r\n";

    /// <summary>The token of <c>Authorization: Bearer …</c>; null without one.</summary>
    public string? Token =>
        Headers.GetValueOrDefault("Authorization") is { } value && value.StartsWith("Bearer ", StringComparison.Ordinal)
        ? value["Bearer ".Length..]
        : null;

    /// <summary>Reads one request with a length of its own.</summary>
    /// <exception cref="EndOfStreamException">The client closed the connection before the end.</exception>
    public static async Task<HttpRequest> Read(Stream stream, CancellationToken cancellation)
    {
        using var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            received.Write(buffer, 0, read);
            if (Parse(received.GetBuffer().AsSpan(0, (int)received.Length)) is { } request)
                return request;
        }
    }

    /// <summary>The request; null if more of it is to come.</summary>
    private static HttpRequest? Parse(ReadOnlySpan<byte> received)
    {
        var length = received.IndexOf(Encoding.ASCII.GetBytes(EndOfHead));
        if (length < 0)
            return null;
        var lines = Encoding.Latin1.GetString(received[..length]).Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = received[(length + EndOfHead.Length)..];
        if (body.Length < int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture))
            return null;
        var words = lines[0].Split(' ');
        return new HttpRequest(words[0], words[1], headers, Encoding.UTF8.GetString(body));
    }
}
