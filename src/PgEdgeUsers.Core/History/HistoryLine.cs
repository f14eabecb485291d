using System.Globalization;
using System.Text.Json;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// Reads and writes the lines of a history file. Each line is a JSON object of one of these kinds: a record, in which
/// accounts have the keys of the user file; the time at which a password was set, kept after its record is dropped; the
/// fingerprints of all accounts, or of those that were written since then; or the time from which the records are
/// complete.
/// </summary>
internal static class HistoryLine
{
    private const string Name = "name";
    private const string Password = "password";
    private const string Accounts = "accounts";
    private const string Digest = "file";
    private const string Written = "written";
    private const string Since = "since";

    /// <summary>Writes a record and a line end.</summary>
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

    /// <summary>Writes the time at which a password was set, and a line end.</summary>
    /// <param name="lines">The stream to write to.</param>
    /// <param name="password">The fingerprint of its hash.</param>
    /// <param name="time">The time in UTC; null if it is unknown.</param>
    public static void Write(Stream lines, PasswordFingerprint password, DateTime? time) => WriteLine(lines, json =>
    {
        json.WriteString(Password, password.ToString());
        if (time is { } known)
            json.WriteString("time", known);
        else
            json.WriteNull("time");
    });

    /// <summary>Writes the fingerprints of all accounts and a line end.</summary>
    public static void WriteAccounts(
        Stream lines, IEnumerable<KeyValuePair<string, AccountFingerprint>> accounts) => WriteLine(lines, json =>
    {
        json.WriteStartObject(Accounts);
        foreach (var (name, account) in accounts)
            json.WriteString(name, account.ToString());
        json.WriteEndObject();
    });

    /// <summary>Writes the fingerprints of accounts that were written since then, and a line end.</summary>
    /// <param name="lines">The stream to write to.</param>
    /// <param name="accounts">The fingerprints by name; null for an account that was removed.</param>
    /// <param name="fileDigest">The SHA-256 of the user file if all its accounts are known; otherwise null.</param>
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

    /// <summary>Writes the time (UTC) from which the records are complete, and a line end.</summary>
    public static void WriteSince(Stream lines, DateTime time) =>
        WriteLine(lines, json => json.WriteString(Since, time));

    /// <summary>Reads a line and adds its content to the history. A damaged line is ignored.</summary>
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
            // Only this line is lost, and with it the knowledge of which accounts were written last.
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

    /// <summary>Parses a line with the fingerprints of all accounts; null if it is damaged.</summary>
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
