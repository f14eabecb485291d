using System.Text;
using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>What a server says about a failure, as it can be shown.</summary>
internal static class ServerWords
{
    /// <summary>Why a call was refused with status 401: text from older servers, JSON from newer ones.</summary>
    public static string OfRefusedCall(ReadOnlySpan<byte> body)
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
    /// The words on one line, with an ellipsis if they are too long; none of them if they repeat a secret.
    /// </summary>
    public static string OnOneLine(string words, SecretText secret, int length)
    {
        if (Repeat(words, secret))
            return "(a reason that cannot be shown)";
        var line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return VisibleText.Of(VisibleText.Shortened(line, length));
    }

    /// <summary>Whether words repeat a secret.</summary>
    public static bool Repeat(string words, SecretText secret) =>
        secret.Value.Length > 0 && words.Contains(secret.Value, StringComparison.OrdinalIgnoreCase);
}
