using System.Globalization;
using System.Text.Json;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// The lines of a history file, each a JSON object: the records, in which accounts have the keys of the user file; the
/// password times that outlive their records; the accounts as they were last written, all of them or those that were
/// written since; and the time from which the records are complete.
/// </summary>
internal static class HistoryLine
{
    private const string Name = "name";
    private const string Password = "password";
    private const string Accounts = "accounts";
    private const string Digest = "file";
    private const string Written = "written";
    private const string Since = "since";

    /// <summary>Writes a record, with its line end.</summary>
    public static void Write(Stream lines, HistoryRecord record) => WriteLine(lines, json =>
    {
        json.WriteString("time", record.Time);
        json.WriteString("transaction", record.Transaction);
        json.WriteString("event", record.Event.ToString());
        json.WriteString("actor", record.Actor);
        json.WriteString("reason", record.Reason);
        Write(json, "before", record.Before);
        Write(json, "after", record.After);
    });

    /// <summary>Writes when the password of a hash was set, with its line end.</summary>
    /// <param name="lines">Where the line is written.</param>
    /// <param name="password">The password.</param>
    /// <param name="time">The time in UTC; null if it is not known.</param>
    public static void Write(Stream lines, PasswordFingerprint password, DateTime? time) => WriteLine(lines, json =>
    {
        json.WriteString(Password, password.ToString());
        if (time is { } known)
            json.WriteString("time", known);
        else
            json.WriteNull("time");
    });

    /// <summary>Writes all accounts as they were written, with a line end.</summary>
    public static void WriteAccounts(
        Stream lines, IEnumerable<KeyValuePair<string, AccountFingerprint>> accounts) => WriteLine(lines, json =>
    {
        json.WriteStartObject(Accounts);
        foreach (var (name, account) in accounts)
            json.WriteString(name, account.ToString());
        json.WriteEndObject();
    });

    /// <summary>Writes accounts as they were written since, with a line end.</summary>
    /// <param name="lines">Where the line is written.</param>
    /// <param name="accounts">The accounts by name; null for one that was removed.</param>
    /// <param name="fileDigest">The SHA-256 of the user file, if all accounts in it are known.</param>
    public static void WriteWritten(
        Stream lines,
        IEnumerable<KeyValuePair<string, AccountFingerprint?>> accounts,
        string? fileDigest) => WriteLine(lines, json =>
    {
        json.WriteStartObject(Written);
        foreach (var (name, account) in accounts)
            json.WriteString(name, account?.ToString());
        json.WriteEndObject();
        json.WriteString(Digest, fileDigest);
    });

    /// <summary>Writes the time from which the records are complete, in UTC, with a line end.</summary>
    public static void WriteSince(Stream lines, DateTime time) =>
        WriteLine(lines, json => json.WriteString(Since, time));

    /// <summary>Reads a line into the history that it is part of. A line that cannot be read is left out.</summary>
    public static void Read(ReadOnlyMemory<byte> line, UserHistory history)
    {
        if (line.Span.StartsWith("{\"accounts\":"u8))
        {
            history.Known.Reset(line);
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return;
            if (root.TryGetProperty(Password, out var password))
                history.Add(PasswordFingerprint.Parse(password.GetString()!), UtcOrNull(root.GetProperty("time")));
            else if (root.TryGetProperty(Since, out var since))
                history.Since = Utc(since);
            else
                ReadRecordOrNote(root, line.Length, history);
        }
        catch (Exception e) when (IsDamage(e))
        {
            // A torn or damaged line costs nothing but itself, and the knowledge of what was written last.
            history.Known.Forget();
        }
    }

    private static void ReadRecordOrNote(JsonElement root, int length, UserHistory history)
    {
        if (root.TryGetProperty(Written, out var written))
            history.Known.Set(written.EnumerateObject().Select(WrittenOf), root.GetProperty(Digest).GetString());
        else if (RecordOf(root) is { } record)
            history.Add(record);
        history.RecordBytes += length;
    }

    /// <summary>Reads the line that contains all accounts; null if it is damaged.</summary>
    public static Dictionary<string, AccountFingerprint>? AccountsOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty(Accounts).EnumerateObject()
                .ToDictionary(account => account.Name, FingerprintOf, StringComparer.Ordinal);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return null;
        }
    }

    private static bool IsDamage(Exception e) =>
        e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException;

    private static void WriteLine(Stream lines, Action<Utf8JsonWriter> writeProperties)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        lines.WriteByte((byte)'\n');
    }

    private static KeyValuePair<string, AccountFingerprint?> WrittenOf(JsonProperty account) => KeyValuePair.Create(
        account.Name,
        account.Value.ValueKind == JsonValueKind.Null ? (AccountFingerprint?)null : FingerprintOf(account));

    private static AccountFingerprint FingerprintOf(JsonProperty account) =>
        AccountFingerprint.Parse(account.Value.GetString() ?? throw new JsonException());

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

    private static DateTime? UtcOrNull(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : Utc(json);

    private static DateTime Utc(JsonElement json) => DateTime.Parse(
        json.GetString()!,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
