using System.Globalization;
using System.Text.Json;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.History;

/// <summary>The kinds of lines of a history file.</summary>
internal enum HistoryLineKind
{
    Damaged,
    Record,
    Password,
    Written,
    Accounts,
    Since,
}

/// <summary>The time (UTC) at which a password was set; null if it is unknown.</summary>
internal sealed record PasswordTime(PasswordFingerprint Password, DateTime? Time);

/// <summary>The fingerprints of written accounts.</summary>
/// <param name="Accounts">The fingerprints by name; null for an account that was removed.</param>
/// <param name="FileDigest">The SHA-256 of the user file if all its accounts are known; otherwise null.</param>
internal sealed record WrittenAccounts(
    IReadOnlyList<KeyValuePair<string, AccountFingerprint?>> Accounts, string? FileDigest);

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

    /// <summary>The kind of a line, by the key that it starts with.</summary>
    public static HistoryLineKind KindOf(ReadOnlyMemory<byte> line) => line.Span switch
    {
        var text when text.StartsWith("{\"time\":"u8) => HistoryLineKind.Record,
        var text when text.StartsWith("{\"password\":"u8) => HistoryLineKind.Password,
        var text when text.StartsWith("{\"written\":"u8) => HistoryLineKind.Written,
        var text when text.StartsWith("{\"accounts\":"u8) => HistoryLineKind.Accounts,
        var text when text.StartsWith("{\"since\":"u8) => HistoryLineKind.Since,
        _ => HistoryLineKind.Damaged,
    };

    /// <summary>Parses a record; null if the line is damaged.</summary>
    public static HistoryRecord? RecordOf(ReadOnlyMemory<byte> line) => Parse(line, RecordOf);

    /// <summary>Parses the time at which a password was set; null if the line is damaged.</summary>
    public static PasswordTime? PasswordOf(ReadOnlyMemory<byte> line) => Parse(line, json => new PasswordTime(
        PasswordFingerprint.Parse(json.GetProperty(Password).GetString()!), UtcOrNull(json.GetProperty("time"))));

    /// <summary>Parses the fingerprints of all accounts; null if the line is damaged.</summary>
    public static Dictionary<string, AccountFingerprint>? AccountsOf(ReadOnlyMemory<byte> line) =>
        Parse(line, json => json.GetProperty(Accounts).EnumerateObject()
            .ToDictionary(account => account.Name, FingerprintOf, StringComparer.Ordinal));

    /// <summary>Parses the fingerprints of written accounts; null if the line is damaged.</summary>
    public static WrittenAccounts? WrittenOf(ReadOnlyMemory<byte> line) => Parse(line, json => new WrittenAccounts(
        [.. json.GetProperty(Written).EnumerateObject().Select(WrittenOf)], json.GetProperty(Digest).GetString()));

    /// <summary>Parses the time (UTC) from which the records are complete; null if the line is damaged.</summary>
    public static DateTime? SinceOf(ReadOnlyMemory<byte> line) =>
        Parse(line, json => UtcOrNull(json.GetProperty(Since)));

    /// <summary>
    /// Whether a record has the same password hash before and after, which is found without parsing it.
    /// </summary>
    public static bool KeepsPassword(ReadOnlyMemory<byte> record)
    {
        // Inside a JSON string, the quotation marks would be escaped.
        var key = "\"password_hash\":"u8;
        var rest = record.Span;
        if (rest.IndexOf(key) is not (>= 0 and var first))
            return true;
        rest = rest[(first + key.Length)..];
        if (rest.IndexOf(key) is not (>= 0 and var second))
            return false;
        var hash = rest[..(rest[1..].IndexOf((byte)'"') + 2)];
        return rest[(second + key.Length)..].StartsWith(hash);
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T?> read)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            return default;
        }
    }

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
