using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgEdgeUsers.Core.Files;

namespace PgEdgeUsers.Core.Audit;

/// <summary>
/// The record of what was done to accounts and of sign-ins: a file of JSON lines, mode 0600, that is only appended to.
/// When it has grown to its bound it is renamed and a new one begun; a few old ones are kept.
/// </summary>
/// <param name="path">The audit file.</param>
/// <param name="maxBytes">The size at which a new file is begun.</param>
public sealed partial class AuditLog(string path, long maxBytes = AuditLog.DefaultMaxBytes)
{
    /// <summary>The environment variable that names the audit file, or says <c>off</c>.</summary>
    public const string Variable = "PGEDGE_AUTH_AUDIT_FILE";

    /// <summary>The size at which a new file is begun: some 40,000 events.</summary>
    public const long DefaultMaxBytes = 10 * 1024 * 1024;

    /// <summary>How many old files are kept, the newest with the ending <c>.1</c>.</summary>
    public const int KeptFiles = 4;

    private static readonly string ThisProcess = string.Create(
        CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath)} {Environment.ProcessId}");

    /// <summary>The audit file.</summary>
    public string Path => path;

    /// <summary>The audit log of a user file: what is asked for, else what the environment says, else beside the user file.</summary>
    /// <param name="userFile">The user file; null where there is none, as for sign-in at a server.</param>
    /// <param name="asked">The path that was asked for; null when none was.</param>
    /// <returns>Null when auditing is off.</returns>
    public static AuditLog? For(UserFile? userFile, string? asked)
    {
        var setting = Environment.GetEnvironmentVariable(Variable);
        if (asked is null && string.Equals(setting, "off", StringComparison.OrdinalIgnoreCase))
            return null;
        var path = asked ?? (string.IsNullOrEmpty(setting) ? userFile?.Companion(".audit.jsonl") : System.IO.Path.GetFullPath(setting));
        return path is null ? null : new AuditLog(path);
    }

    /// <summary>Makes an event of now and this process.</summary>
    public static AuditEvent Now(AuditEventKind kind, string user, bool success, string reason, string path) =>
        new(DateTime.UtcNow, kind, user, success, reason, ThisProcess, Environment.UserName, path);

    /// <summary>Appends events, all in one write.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>: what they record has happened all the same.</exception>
    public void Append(IEnumerable<AuditEvent> events)
    {
        using var lines = new MemoryStream();
        foreach (var e in events)
        {
            JsonSerializer.Serialize(lines, e, AuditJson.Default.AuditEvent);
            lines.WriteByte((byte)'\n');
        }

        try
        {
            using var fileLock = FileLock.Acquire(path, TimeSpan.FromSeconds(10), CancellationToken.None);
            if (FileFacts.Of(path) is { Size: var size } && size + lines.Length > maxBytes)
                Rotate();
            using var file = new FileStream(path, AppendOptions());
            file.Write(lines.GetBuffer(), 0, (int)lines.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PgEdgeUsersException)
        {
            throw new PgEdgeUsersException(FailureKind.AuditFailed, $"The audit file '{path}' could not be written: {e.Message.TrimEnd('.')}. What was to be recorded was done all the same.", e);
        }
    }

    /// <summary>Reads the events, the oldest first, those of the kept old files too. Lines that are no events (a torn last one) are left out.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>.</exception>
    public IEnumerable<AuditEvent> Read()
    {
        foreach (var file in Enumerable.Range(0, KeptFiles + 1).Reverse().Select(Numbered).Where(File.Exists))
        {
            foreach (var line in LinesOf(file))
            {
                if (Parse(line) is { } e)
                    yield return e;
            }
        }
    }

    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgEdgeUsersException(FailureKind.AuditFailed, $"The audit file '{file}' cannot be read: {e.Message.TrimEnd('.')}. Run as its owner or as an administrator.", e);
        }
    }

    private static AuditEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Rotate()
    {
        for (var i = KeptFiles - 1; i >= 0; i--)
        {
            if (File.Exists(Numbered(i)))
                File.Move(Numbered(i), Numbered(i + 1), overwrite: true);
        }
    }

    private string Numbered(int i) => i == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{i}");

    private static FileStreamOptions AppendOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileFacts.OwnerOnly;
        return options;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(AuditEvent))]
    private sealed partial class AuditJson : JsonSerializerContext;
}
