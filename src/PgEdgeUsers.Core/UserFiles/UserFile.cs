using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// The server's user file. It is read completely or not at all, and changed under a lock by replacing it. A check right
/// before the replacement and a verification after it ensure that neither changes of a running server nor our own are
/// lost.
/// </summary>
/// <param name="path">
/// An absolute path. If it is a symbolic link, its target is read and replaced, and the link is kept.
/// </param>
public sealed class UserFile(string path)
{
    /// <summary>The largest file that is read, in bytes: some 800,000 users.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>The path as it was given.</summary>
    public string Path { get; } = path;

    /// <summary>How long to wait for another administrator's change to finish.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Called by <see cref="Update"/> with the name of the process that is changing the file, if that takes long.
    /// </summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Records the earlier states of changed users; null to record nothing.</summary>
    public HistoryWriter? History { get; init; }

    /// <summary>
    /// Whether to skip the verification that a server has not overwritten a change with an older state.
    /// </summary>
    public bool NoWait { get; init; }

    /// <summary>Whether <see cref="Update"/> creates a missing folder of the file, for its owner only.</summary>
    public bool CreatesFolder { get; init; }

    private const UnixFileMode OwnersFolder = FileStatus.OwnerOnly | UnixFileMode.UserExecute;

    internal AtomicFile Writer { get; init; } = new();

    /// <summary>Reads the file. A missing file has no users.</summary>
    /// <exception cref="PgEdgeUsersException">The file exists but cannot be read completely.</exception>
    public UserFileSnapshot Read() => Guard(() => StableReader.Read(Target()));

    /// <summary>
    /// Reads the file without waiting for a process that may be writing it. Use it only for checks that are repeated
    /// before they take effect, and never as a basis of <see cref="Update"/>.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">The file exists but cannot be read completely.</exception>
    public UserFileSnapshot ReadUnsynchronized() =>
        Guard(() => UnsynchronizedRead.Of(Target()) ?? StableReader.Read(Target()));

    /// <summary>
    /// Whether the file was replaced or changed since a snapshot, judging by its mode, owner, size and time. This takes
    /// a single system call, unless the path is a symbolic link.
    /// </summary>
    public bool HasChangedSince(UserFileSnapshot snapshot) => Guard(() =>
    {
        var status = FileStatus.OfLink(Path);
        return (status is { Kind: FileKind.SymbolicLink } ? FileStatus.OfLink(Target()) : status) != snapshot.Status;
    });

    /// <summary>The mode and owner, even of a file that cannot be read; empty if unknown.</summary>
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

    /// <summary>Applies changes in a single replacement of the file. If nothing changes, nothing is written.</summary>
    /// <param name="changes">
    /// The changes, in order. A change that fails carries its failure and does not prevent the others.
    /// </param>
    /// <param name="basis">A snapshot to start from if the file is unchanged, to avoid parsing it again.</param>
    /// <param name="allOrNothing">Whether a single failure prevents all changes.</param>
    /// <param name="cancellation">Cancels the wait for the lock and the verification after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">
    /// The file cannot be read or written. It is unchanged, unless the message says that it was replaced.
    /// </exception>
    public UserFileUpdate Update(
        IReadOnlyList<UserChange> changes,
        UserFileSnapshot? basis = null,
        bool allOrNothing = false,
        CancellationToken cancellation = default) =>
        Change(changes, basis, allOrNothing, writesAlways: false, cancellation);

    /// <summary>
    /// Applies a change, and replaces the file even if nothing changes, so that timing and failures do not reveal
    /// whether something changed. A missing file is not created.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written.</exception>
    internal UserFileUpdate UpdateAlways(UserChange change, CancellationToken cancellation) =>
        Change([change], basis: null, allOrNothing: false, writesAlways: true, cancellation);

    /// <summary>The path of the file after following symbolic links. It need not exist.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// The path does not name a file, or contains links that must not be followed.
    /// </exception>
    public string FollowLinks() => Guard(Target);

    /// <summary>
    /// The file after following symbolic links. It is the file that is replaced, and the sidecar files are next to it.
    /// </summary>
    internal string Target()
    {
        FileSystem.Current.RequireFilePath(Path);
        if (Path.Contains('\0', StringComparison.Ordinal))
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUserFilePath,
                "The path of the user file contains a NUL character. Specify the path without it.");
        }

        var target = LinkTarget.Of(System.IO.Path.GetFullPath(Path));
        UserFileErrors.RequireRegular(Path, FileStatus.OfLink(target));
        return target;
    }

    /// <summary>Locks the file. The lock file belongs to the owner of the user file.</summary>
    internal FileLock Lock(string target, CancellationToken cancellation) => FileLock.Acquire(
        target, LockTimeout, cancellation, FileAccessPlan.OwnerOf(target, FileStatus.OfLink(target)), OnWait);

    /// <summary>
    /// Runs an action and converts errors of the text or the system to a failure that says what to do.
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
            // The mode is set again, because the umask may have removed rights of the owner.
            Directory.CreateDirectory(folder, OwnersFolder).UnixFileMode = OwnersFolder;
    }
}
