using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

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

    /// <summary>How much of a name is recorded. Anyone may try to sign in with a name of any length, and the room is for other events too.</summary>
    public const int MaxNameLength = 256;

    /// <summary>How each line begins, and so the file.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"time\":"u8;

    private static readonly string ThisProcess = string.Create(
        CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath)} {Environment.ProcessId}");

    /// <summary>The audit file.</summary>
    public string Path => path;

    /// <summary>How long to wait for another process's writing to end.</summary>
    internal TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A file whose owner a new audit file is to have; null for whoever makes it.</summary>
    private string? OwnerOf { get; init; }

    /// <summary>The audit log of a user file: what is asked for, else what the environment says, else beside the user file.</summary>
    /// <param name="userFile">The user file; null where there is none, as for sign-in at a server.</param>
    /// <param name="asked">The path that was asked for; null when none was.</param>
    /// <returns>Null when auditing is off.</returns>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>: the path is the user file's, or that of what belongs to it.</exception>
    public static AuditLog? For(UserFile? userFile, string? asked)
    {
        var setting = Environment.GetEnvironmentVariable(Variable);
        if (asked is null && string.IsNullOrEmpty(setting))
            return userFile is null ? null : new AuditLog(userFile.Companion(".audit.jsonl")) { OwnerOf = userFile.Companion("") };
        if (asked is null && string.Equals(setting, "off", StringComparison.OrdinalIgnoreCase))
            return null;
        var path = System.IO.Path.GetFullPath(asked ?? setting!);
        if (userFile is not null && Array.Exists(["", ".lock", ".sessions.json"], suffix => path == userFile.Companion(suffix)))
            throw new PgEdgeUsersException(FailureKind.AuditFailed, $"'{path}' cannot be the audit file: it is the user file or belongs to it. Nothing was recorded. Name another.");
        return new AuditLog(path);
    }

    /// <summary>Makes an event of now and this process.</summary>
    public static AuditEvent Now(AuditEventKind kind, string user, bool success, string reason, string path)
    {
        ArgumentNullException.ThrowIfNull(user);
        var name = VisibleText.Shortened(user, MaxNameLength);
        return new AuditEvent(DateTime.UtcNow, kind, name, success, reason, ThisProcess, Environment.UserName, path);
    }

    /// <summary>Appends events, all in one write.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>: what they record has happened all the same.</exception>
    public void Append(IReadOnlyCollection<AuditEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return;
        using var lines = new MemoryStream();
        foreach (var e in events)
        {
            JsonSerializer.Serialize(lines, e, AuditJson.Default.AuditEvent);
            lines.WriteByte((byte)'\n');
        }

        try
        {
            Append(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PgEdgeUsersException)
        {
            // A lock's message speaks of a change that was not made; its cause does not.
            var cause = (e as PgEdgeUsersException)?.InnerException ?? e;
            throw new PgEdgeUsersException(FailureKind.AuditFailed, $"The audit file '{path}' could not be written: {FileFailures.Because(cause)}. What was to be recorded was done all the same.", e);
        }
    }

    /// <summary>Reads the events, the oldest first, those of the kept old files too. Lines that are no events (a torn last one) are left out.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>.</exception>
    public IReadOnlyList<AuditEvent> Read()
    {
        try
        {
            while (true)
            {
                var newest = FileStatus.Of(path)?.Inode;
                var events = Enumerable.Range(0, KeptFiles + 1).Reverse().SelectMany(i => LinesOf(Numbered(i))).Select(Parse).OfType<AuditEvent>().ToArray();
                // Files that were renamed meanwhile may have been missed.
                if (FileStatus.Of(path)?.Inode == newest)
                    return events;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgEdgeUsersException(FailureKind.AuditFailed, $"The audit file '{path}' cannot be read: {FileFailures.Because(e)}. Run as its owner or as an administrator.", e);
        }
    }

    private void Append(ReadOnlySpan<byte> lines)
    {
        if (Facts(path) is null)
            Make(OwnerOf is null ? null : FileStatus.Of(OwnerOf));
        using var fileLock = FileLock.Acquire(path, LockTimeout, CancellationToken.None);
        var file = Open();
        if (file.Length > 0 && file.Length + lines.Length > maxBytes)
        {
            var full = FileStatus.Of(file.SafeFileHandle, path);
            file.Dispose();
            Rotate();
            Make(full);
            file = Open();
        }

        using (file)
        {
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                // The last line was torn, by a full disk or a crash. It must not spoil the next.
                if (file.ReadByte() != '\n')
                    file.WriteByte((byte)'\n');
            }

            file.Write(lines);
        }
    }

    /// <summary>
    /// Opens the file, which must be an audit file and no other's name: one who may write to its folder could lead root to any file,
    /// and a path that was mistyped could be the user file's.
    /// </summary>
    private FileStream Open()
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new IOException("It is a symbolic link. Name the file itself.");
        var handle = OperatingSystem.IsWindows()
            ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
            : Posix.OpenForWriting(path);
        try
        {
            Span<byte> beginning = stackalloc byte[Beginning.Length];
            beginning = beginning[..RandomAccess.Read(handle, beginning, 0)];
            if (FileStatus.Of(handle, path) is not { Kind: FileKind.Regular, Links: 1 } || !Beginning.StartsWith(beginning))
                throw new IOException("It is there, and is not a plain file of audit events. Name another.");
            // The user file may have been given to another account since.
            if (OwnerOf is not null && FileStatus.Of(OwnerOf) is { } userFile && userFile.User != FileStatus.Of(handle, path).User)
                FileOwner.Keep(handle, path, userFile);
            FileOwner.Tighten(handle, path);
            return new FileStream(handle, FileAccess.ReadWrite);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty file for its owner only, unless another process does.</summary>
    private void Make(FileStatus? ownedLike)
    {
        try
        {
            using var file = OperatingSystem.IsWindows() ? WindowsFile.CreateForOwner(path) : Posix.CreateForOwner(path);
            FileOwner.Keep(file, path, ownedLike);
        }
        catch (IOException) when (File.Exists(path))
        {
            // It is there, which is what counts.
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

    /// <summary>The facts of a file; one that is there and no regular file would block or lose what is written.</summary>
    private static FileStatus? Facts(string file) => FileStatus.Of(file) is { Kind: not FileKind.Regular } odd
        ? throw new PgEdgeUsersException(FailureKind.AuditFailed, $"'{file}' is a {odd.KindText}, not an audit file. Name another with -AuditPath.")
        : FileStatus.Of(file);

    private static List<string> LinesOf(string file)
    {
        var lines = new List<string>();
        if (Facts(file) is null)
            return lines;
        try
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (reader.ReadLine() is { } line)
                lines.Add(line);
        }
        catch (FileNotFoundException)
        {
            // Renamed just now; it is read again.
        }

        return lines;
    }

    private static AuditEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEvent) is
                { Time.Kind: DateTimeKind.Utc, User: not null, Reason: not null, Process: not null, Actor: not null, Path: not null } e ? e : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(AuditEvent))]
    private sealed partial class AuditJson : JsonSerializerContext;
}
