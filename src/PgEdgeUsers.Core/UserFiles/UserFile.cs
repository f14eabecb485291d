using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// The server's user file: read whole or not at all; changed under a lock by replacing it, with a check right before
/// the replacement and a watch after it, so that neither what a running server wrote nor what was written over it is
/// lost.
/// </summary>
/// <param name="path">
/// An absolute path. It may be a symbolic link; then the file that it leads to is read and replaced, and the link
/// stays.
/// </param>
public sealed class UserFile(string path)
{
    /// <summary>The largest file that is read, in bytes: some 800,000 users.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>The path as it was given.</summary>
    public string Path { get; } = path;

    /// <summary>How long to wait for another administrator's change to end.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told, by <see cref="Update"/>, who is changing the file where that takes long.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Records the earlier states of changed users; null to record nothing.</summary>
    public HistoryWriter? History { get; init; }

    /// <summary>Whether not to verify after a write that a server has not written an older state over it.</summary>
    public bool NoWait { get; init; }

    /// <summary>
    /// Whether <see cref="Update"/> creates the file's folder, for its owner only, where there is none.
    /// </summary>
    public bool CreatesFolder { get; init; }

    private const UnixFileMode OwnersFolder = FileStatus.OwnerOnly | UnixFileMode.UserExecute;

    internal AtomicFile Writer { get; init; } = new();

    /// <summary>Reads the file. One that is not there reads as one without users.</summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be read in full.</exception>
    public UserFileSnapshot Read() => Guard(() => StableReader.Read(Target()));

    /// <summary>
    /// Reads the file without waiting for a writer who may be in the middle of it. For what is checked again before it
    /// counts; never a basis of <see cref="Update"/>.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be read in full.</exception>
    public UserFileSnapshot ReadUnsynchronized() =>
        Guard(() => UnsynchronizedRead.Of(Target()) ?? StableReader.Read(Target()));

    /// <summary>
    /// Whether the file is another than that of a snapshot or was changed since, as far as its mode, owner, size and
    /// time tell. One question to the file system, unless the path is a symbolic link.
    /// </summary>
    public bool HasChangedSince(UserFileSnapshot snapshot) => Guard(() =>
    {
        var status = FileStatus.OfLink(Path);
        return (status is { Kind: FileKind.SymbolicLink } ? FileStatus.OfLink(Target()) : status) != snapshot.Status;
    });

    /// <summary>
    /// The mode and owner, also of a file that cannot be read; empty where not even they can be known.
    /// </summary>
    public (string ModeText, string Owner) ModeAndOwner()
    {
        try
        {
            return FileStatus.Of(Path) is { } status ? (status.ModeText, status.Owner.Name) : ("", "");
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return ("", "");
        }
    }

    /// <summary>Makes changes, all in one replacement of the file. What would change nothing is not written.</summary>
    /// <param name="changes">
    /// The changes, in order. Those that cannot be made carry their failure and do not stop the others.
    /// </param>
    /// <param name="basis">A snapshot to start from when the file still is what it was; saves parsing it again.</param>
    /// <param name="allOrNothing">Whether a single failure keeps all from being made.</param>
    /// <param name="cancellation">Ends the wait for the lock and the watch after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">
    /// The file cannot be read or written; then it is as it was, unless the message says that it was replaced.
    /// </exception>
    public UserFileUpdate Update(
        IReadOnlyList<UserChange> changes,
        UserFileSnapshot? basis = null,
        bool allOrNothing = false,
        CancellationToken cancellation = default) =>
        Change(changes, basis, allOrNothing, writesAlways: false, cancellation);

    /// <summary>
    /// Makes a change, and replaces the file even where that changes nothing: what is not to be told from a change by
    /// its time, by the time of the next one, or by its failure, goes through this. A file that is not there is not
    /// created.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written.</exception>
    internal UserFileUpdate UpdateAlways(UserChange change, CancellationToken cancellation) =>
        Change([change], basis: null, allOrNothing: false, writesAlways: true, cancellation);

    /// <summary>The path of the file itself, where symbolic links lead. It need not exist.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// The path is not that of a file, or has links that must not be followed.
    /// </exception>
    public string FollowLinks() => Guard(Target);

    /// <summary>
    /// The file itself, where symbolic links lead: it is what is replaced, and its folder holds the sidecar files.
    /// </summary>
    internal string Target()
    {
        FileSystem.Current.RequireFilePath(Path);
        if (Path.Contains('\0', StringComparison.Ordinal))
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUserFilePath,
                "The path of the user file has a NUL character in it. Name the user file itself.");
        }

        var target = LinkTarget.Of(System.IO.Path.GetFullPath(Path));
        UserFileErrors.RequireRegular(Path, FileStatus.OfLink(target));
        return target;
    }

    /// <summary>Takes the lock of the file, whose lock file belongs to whoever owns the user file.</summary>
    internal FileLock Lock(string target, CancellationToken cancellation) => FileLock.Acquire(
        target, LockTimeout, cancellation, FileAccessPlan.OwnerOf(target, FileStatus.OfLink(target)), OnWait);

    /// <summary>
    /// Runs something and turns what the text or the system has against it into a failure that says what to do.
    /// </summary>
    internal T Guard<T>(Func<T> action) => UserFileErrors.Guard(Path, action);

    private UserFileUpdate Change(
        IReadOnlyList<UserChange> changes,
        UserFileSnapshot? basis,
        bool allOrNothing,
        bool writesAlways,
        CancellationToken cancellation) => Guard(() =>
    {
        var target = Target();
        RequireFolder(target);
        IReadOnlyList<UserChangeResult> results = [];
        using var fileLock = Lock(target, cancellation);
        AtomicFile.RemoveLeftovers(target);
        var writer = new UserFileWriter(Path, target, Writer);
        using var history = History?.Begin(target);
        var edit = writer.Replace(basis, Apply, writesAlways, cancellation);
        history?.Commit(edit?.After);
        SidecarHandOver.Finish(writer, fileLock);
        var isVerified = NoWait || edit is not { } made || WriteVerification.Run(
            writer, made.After, ThreeWayMerge.Of(made.Before.Document, made.After.Document, results), cancellation);
        return new UserFileUpdate(results, isVerified)
        {
            LockPath = fileLock.Path,
            BytesWritten = edit?.After.Bytes.Length,
            AccessChanges = writer.AccessChanges,
            ExternalChanges = edit is null ? [] : history?.ExternalChanges ?? [],
        };

        UserDocument Apply(UserFileSnapshot current)
        {
            (var edited, results) = ChangeSet.Apply(current.Document, changes);
            if (!allOrNothing || results.All(r => r.Failure is null))
            {
                history?.Record(current, results);
                return edited;
            }

            results = [.. results.Where(r => r.Failure is not null)];
            return current.Document;
        }
    });

    private void RequireFolder(string target)
    {
        var folder = System.IO.Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder))
            return;
        if (!CreatesFolder)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileNotFound,
                $"The folder '{folder}' for the user file '{Path}' does not exist. Create the folder first, "
                    + "or choose another file.");
        }

        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            // Twice, since the umask may take rights from the owner.
            Directory.CreateDirectory(folder, OwnersFolder).UnixFileMode = OwnersFolder;
    }
}
