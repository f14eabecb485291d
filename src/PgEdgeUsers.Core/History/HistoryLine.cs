using System.Globalization;
using System.Text.Json;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// The lines of a history file: a line of JSON for each record, and one for each password time that outlives its
/// record. Accounts have the keys of the user file.
/// </summary>
internal static class HistoryLine
{
    private const string Name = "name";

    /// <summary>Writes a record, with its line end.</summary>
    public static void Write(Stream lines, HistoryRecord record)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("time", record.Time);
            json.WriteString("transaction", record.Transaction);
            json.WriteString("event", record.Event.ToString());
            json.WriteString("actor", record.Actor);
            json.WriteString("reason", record.Reason);
            Write(json, "before", record.Before);
            Write(json, "after", record.After);
            json.WriteEndObject();
        }

        lines.WriteByte((byte)'\n');
    }

    /// <summary>Writes when the password of a hash was set, with its line end.</summary>
    public static void Write(Stream lines, PasswordFingerprint password, DateTime time)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("password", password.ToString());
            json.WriteString("time", time);
            json.WriteEndObject();
        }

        lines.WriteByte((byte)'\n');
    }

    /// <summary>Reads a line into the history that it is part of. A line that cannot be read is left out.</summary>
    public static void Read(ReadOnlyMemory<byte> line, UserHistory history)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return;
            if (root.TryGetProperty("password", out var password))
                history.Add(PasswordFingerprint.Parse(password.GetString()!), Utc(root.GetProperty("time")));
            else if (RecordOf(root) is { } record)
                history.Add(record);
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
                or ArgumentException)
        {
            // A torn or damaged line costs nothing but itself.
        }
    }

    private static HistoryRecord? RecordOf(JsonElement root)
    {
        var record = new HistoryRecord(
            Utc(root.GetProperty("time")),
            root.GetProperty("transaction").GetString()!,
            Enum.Parse<HistoryEvent>(root.GetProperty("event").GetString()!),
            root.GetProperty("actor").GetString()!,
            root.GetProperty("reason").GetString()!,
            AccountOf(root.GetProperty("before")),
            AccountOf(root.GetProperty("after")));
        return (record.Before ?? record.After) is null ? null : record;
    }

    private static void Write(Utf8JsonWriter json, string property, UserAccount? account)
    {
        json.WritePropertyName(property);
        if (account is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString(Name, account.Name);
        foreach (var field in AccountField.All)
        {
            json.WritePropertyName(field.Key);
            JsonSerializer.Serialize(json, field.Get(account), field.ValueType);
        }

        json.WriteEndObject();
    }

    private static UserAccount? AccountOf(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null)
            return null;
        var account = new UserAccount(json.GetProperty(Name).GetString() ?? throw new JsonException());
        return AccountField.All.Aggregate(
            account, (read, field) => field.With(read, ValueOf(json.GetProperty(field.Key), field)));
    }

    private static object? ValueOf(JsonElement json, AccountField field) => json.ValueKind switch
    {
        JsonValueKind.Null when field.ValueType == typeof(DateTime?) => null,
        JsonValueKind.Null => throw new JsonException(),
        _ when field.ValueType == typeof(DateTime?) => Utc(json),
        _ => json.Deserialize(field.ValueType),
    };

    private static DateTime Utc(JsonElement json) => DateTime.Parse(
        json.GetString()!,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
