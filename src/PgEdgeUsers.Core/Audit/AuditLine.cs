using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Audit;

/// <summary>Converts events to and from lines of JSON.</summary>
internal static partial class AuditLine
{
    /// <summary>The beginning of each line, and therefore of the file.</summary>
    public static ReadOnlySpan<byte> Beginning => "{\"time\":"u8;

    /// <summary>Converts events to lines, each with a line break.</summary>
    public static byte[] Write(IEnumerable<AuditEvent> events)
    {
        using var lines = new MemoryStream();
        foreach (var e in events)
        {
            JsonSerializer.Serialize(lines, e, AuditJson.Default.AuditEvent);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    /// <summary>The event of a line; null if it contains none.</summary>
    public static AuditEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEvent) is { } e && IsValid(e) ? e : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsValid(AuditEvent e) => e is
    {
        Time.Kind: DateTimeKind.Utc,
        User: not null,
        Reason: not null,
        Process: not null,
        Actor: not null,
        Path: not null,
    };

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(AuditEvent))]
    private sealed partial class AuditJson : JsonSerializerContext;
}
