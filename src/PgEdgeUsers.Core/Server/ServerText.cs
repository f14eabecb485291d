using System.Text;
using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>Makes the server's text about a failure safe to display.</summary>
internal static class ServerText
{
    /// <summary>Reads the reason for status 401: older servers send plain text, newer ones JSON.</summary>
    public static string RefusalReason(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ToolJson.Default.RefusedCall)?.Error ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(body);
        }
    }

    /// <summary>
    /// Formats a text as one line and truncates it if it is too long. A text that contains a secret is not displayed.
    /// </summary>
    public static string OnOneLine(string text, SecretText secret, int length)
    {
        if (Reveals(text, secret))
            return "(a reason that cannot be shown)";
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return VisibleText.Of(VisibleText.Shortened(line, length));
    }

    /// <summary>Whether a text contains a secret.</summary>
    public static bool Reveals(string text, SecretText secret) =>
        secret.Value.Length > 0 && text.Contains(secret.Value, StringComparison.OrdinalIgnoreCase);
}
