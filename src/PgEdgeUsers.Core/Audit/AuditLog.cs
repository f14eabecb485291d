using System.Globalization;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Audit;

/// <summary>
/// The log of changes of accounts and of sign-ins: an append-only file of JSON lines with mode 0600. A full file is
/// rotated, and a few old files are kept. Several user files may share one log.
/// </summary>
/// <param name="path">The audit file.</param>
/// <param name="maxBytes">The size at which the file is rotated.</param>
public sealed class AuditLog(string path, long maxBytes = AuditLog.DefaultMaxBytes)
{
    /// <summary>The environment variable that names the audit file, or is <c>off</c>.</summary>
    public const string Variable = "PGEDGE_AUTH_AUDIT_FILE";

    /// <summary>The size at which the file is rotated: about 40,000 events.</summary>
    public const long DefaultMaxBytes = 10 * 1024 * 1024;

    /// <summary>The number of old files that are kept. The newest ends with <c>.1</c>.</summary>
    public const int KeptFiles = 4;

    /// <summary>
    /// The length to which a name is truncated, because anyone may try to sign in with a name of any length.
    /// </summary>
    public const int MaxNameLength = 256;

    /// <summary>
    /// The number of most recent bytes that are read: as much as rotation keeps. A file that cannot be rotated grows
    /// without limit.
    /// </summary>
    public const long MaxReadBytes = (KeptFiles + 1) * DefaultMaxBytes;

    private static readonly string ThisProcess = string.Create(
        CultureInfo.InvariantCulture,
        $"{System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath)} {Environment.ProcessId}");

    /// <summary>The audit file.</summary>
    public string Path => path;

    /// <summary>How long to wait for another process to finish writing.</summary>
    internal TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The user file; null if there is none.</summary>
    private string? MainFile { get; init; }

    /// <summary>
    /// The audit log of a user file: the requested path, else the path in the environment, else next to the user file.
    /// </summary>
    /// <param name="userFile">The user file; null if there is none, as for sign-in at a server.</param>
    /// <param name="asked">The requested path; null if none was requested.</param>
    /// <returns>Null if auditing is turned off.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.AuditFailed"/>: the path is that of the user file or of one of its sidecar files.
    /// </exception>
    public static AuditLog? For(UserFile? userFile, string? asked) => For(userFile, asked, DefaultMaxBytes);

    internal static AuditLog? For(UserFile? userFile, string? asked, long maxBytes)
    {
        var setting = Environment.GetEnvironmentVariable(Variable);
        if (asked is null && string.Equals(setting, "off", StringComparison.OrdinalIgnoreCase))
            return null;
        var target = userFile?.FollowLinks();
        if (asked is null && string.IsNullOrEmpty(setting))
            return target is null ? null : new AuditLog(SidecarPath.Audit(target), maxBytes) { MainFile = target };
        var path = System.IO.Path.GetFullPath(asked ?? setting!);
        if (target is not null && path != SidecarPath.Audit(target) && IsUserOrSidecarFile(target, path))
        {
            throw new PgEdgeUsersException(
                FailureKind.AuditFailed,
                $"'{path}' cannot be the audit file: it is the user file or one of its sidecar files. "
                    + "Nothing was recorded. Specify another file.");
        }

        return new AuditLog(path, maxBytes) { MainFile = target };
    }

    /// <summary>Creates an event with the current time and this process.</summary>
    public static AuditEvent Now(AuditEventKind kind, string user, bool success, string reason, string path)
    {
        var name = VisibleText.Shortened(user, MaxNameLength);
        return new AuditEvent(DateTime.UtcNow, kind, name, success, reason, ThisProcess, Actor.Current, path);
    }

    /// <summary>
    /// Checks, before an operation, that it can be recorded: that the audit file can be appended to or created. Leaves
    /// no files.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.AuditFailed"/>: the operation has not been performed yet.
    /// </exception>
    public void Prepare() => Guard(
        () => File().Check(LockTimeout),
        e => $"The audit file '{path}' cannot be written: {e.Reason}. Nothing was changed. {e.Remedy}");

    /// <summary>Appends events in a single write.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.AuditFailed"/>: the recorded operations have already been performed.
    /// </exception>
    public void Append(IReadOnlyCollection<AuditEvent> events)
    {
        if (events.Count == 0)
            return;
        Guard(
            () => File().Append(AuditLine.Write(events), LockTimeout),
            e => $"The audit file '{path}' could not be written: {e.Reason}. The operation itself was completed. "
                + e.Remedy);
    }

    /// <summary>
    /// Reads the events of all files, oldest first. Lines that are not events, such as a truncated last line, are
    /// skipped. If there are more than <see cref="MaxReadBytes"/>, the oldest are skipped.
    /// </summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.AuditFailed"/>.</exception>
    public IReadOnlyList<AuditEvent> Read() => Read(_ => true);

    /// <summary>
    /// Reads the events of one user file, because several may share the audit file. In the audit file next to the user
    /// file, events of a file that no longer exists are included: the user file was renamed or moved.
    /// </summary>
    /// <param name="userFile">The user file.</param>
    /// <param name="includesServers">Whether to include sign-ins at servers, which belong to no user file.</param>
    /// <inheritdoc cref="Read()"/>
    public IReadOnlyList<AuditEvent> ReadOf(UserFile userFile, bool includesServers = false)
    {
        var target = userFile.FollowLinks();
        var isSidecar = path == SidecarPath.Audit(target);
        var known = new Dictionary<string, bool>(StringComparer.Ordinal) { [userFile.Path] = true, [target] = true };
        return Read(e =>
        {
            if (!System.IO.Path.IsPathFullyQualified(e.Path))
                return includesServers;
            if (!known.TryGetValue(e.Path, out var isOwn))
                known.Add(e.Path, isOwn = System.IO.Path.Exists(e.Path) ? IsSameFile(e.Path, target) : isSidecar);
            return isOwn;
        });
    }

    private IReadOnlyList<AuditEvent> Read(Func<AuditEvent, bool> isWanted) => Guard(
        () => File().ReadLines(MaxReadBytes, line => AuditLine.Parse(line) is { } e && isWanted(e) ? e : null),
        e => $"The audit file '{path}' cannot be read: {e.Reason}. {e.Remedy}");

    private static bool IsSameFile(string path, string other) =>
        FileStatus.Of(path) is { } status && status.IsSameFileAs(FileStatus.Of(other));

    private static bool IsUserOrSidecarFile(string userFile, string path) =>
        path == userFile || SidecarPath.Of(userFile).Contains(path, StringComparer.Ordinal);

    private AuditFile File()
    {
        FileSystem.Current.RequireFilePath(path);
        var isSidecar = MainFile is not null && path == SidecarPath.Audit(MainFile);
        return new AuditFile(path, maxBytes, MainFile is null ? null : FileStatus.OfLink(MainFile)?.Owner, isSidecar);
    }

    private void Guard(Action action, Func<StorageException, string> message) => Guard(
        () =>
        {
            action();
            return true;
        },
        message);

    private T Guard<T>(Func<T> action, Func<StorageException, string> message)
    {
        try
        {
            return StorageException.Guard(path, action);
        }
        catch (StorageException e)
        {
            throw new PgEdgeUsersException(FailureKind.AuditFailed, message(e), e);
        }
    }
}
