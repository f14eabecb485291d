using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>What became of changes to a user file.</summary>
/// <param name="Results">A result for each change, in order; where a failure kept all from being made, the failures alone.</param>
/// <param name="IsSettled">
/// False when it is not sure that the changes stay: a server kept writing old states over them to the last look, or the looks failed.
/// </param>
public sealed record UserFileUpdate(IReadOnlyList<UserChangeResult> Results, bool IsSettled)
{
    /// <summary>The file whose lock was held.</summary>
    public required string LockPath { get; init; }

    /// <summary>How many bytes the file has now; null where nothing was written, since all was so already.</summary>
    public int? BytesWritten { get; init; }
}

/// <summary>
/// The server's user file: read whole or not at all; changed under a lock by replacing it, with a last look before the
/// replacement and looks after it, so that neither what a running server wrote nor what was written over it is lost.
/// </summary>
/// <param name="path">An absolute path. It may be a symbolic link; then the file that it leads to is read and replaced, and the link stays.</param>
public sealed class UserFile(string path)
{
    /// <summary>The largest file that is read, in bytes: some 800,000 users.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>How often a foreign writer may come first before an edit is given up, and how often one may undo it.</summary>
    private const int MaxRounds = 50;

    /// <summary>
    /// How long a server can still write an old state over a new file: it reloads 100 ms after the last change that it sees, and
    /// none of 25 edits was lost under three clients that signed in without pause when a writer looked for this long.
    /// </summary>
    internal static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>The path as it was given.</summary>
    public string Path { get; } = path;

    /// <summary>How long to wait for another administrator's change to end.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told, by <see cref="Update"/>, who is changing the file where that takes long.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Whether to skip the looks after a replacement.</summary>
    public bool NoWait { get; init; }

    /// <summary>Whether <see cref="Update"/> makes the file's folder, for its owner only, where there is none.</summary>
    public bool MakesFolder { get; init; }

    internal AtomicFile Writer { get; init; } = new();

    /// <summary>The path of a file that belongs to the user file and stands beside it, where symbolic links lead.</summary>
    /// <param name="suffix">What follows the user file's name.</param>
    public string Companion(string suffix) => Guard(Target) + suffix;

    /// <summary>Reads the file. One that is not there reads as one without users.</summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be read in full.</exception>
    public UserFileSnapshot Read() => Guard(() => StableReader.Read(Target()));

    /// <summary>Whether the file is another than that of a snapshot or was changed since, as far as its mode, owner, size and time tell.</summary>
    public bool HasChangedSince(UserFileSnapshot snapshot) => Guard(() => FileStatus.Of(Target()) != snapshot.Facts);

    /// <summary>The mode and owner, as a snapshot has them, also of a file that cannot be read; empty where not even they can be known.</summary>
    public (string ModeText, string Owner) ModeAndOwner()
    {
        try
        {
            return FileStatus.Of(Path) is { } facts ? (facts.ModeText, facts.Owner) : ("", "");
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            return ("", "");
        }
    }

    /// <summary>
    /// Reads the file without waiting for a writer who may be in the middle of it. For what is checked again before it counts;
    /// never a basis of <see cref="Update"/>.
    /// </summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be read in full.</exception>
    public UserFileSnapshot Glance() => Guard(() => FirstLook.At(Target()) ?? StableReader.Read(Target()));

    /// <summary>
    /// Does all that a change takes but the last step, the replacement: what must not be told from a change by its time, or by
    /// its failure, goes through this.
    /// </summary>
    /// <param name="change">A change of an account, or null when there is none to change.</param>
    /// <param name="cancellation">Ends the wait for the lock.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read, or could not be written.</exception>
    internal void Rehearse(UserChange? change, CancellationToken cancellation) => Guard(() =>
    {
        var target = Target();
        RequireFolder(target);
        using var fileLock = FileLock.Acquire(target, LockTimeout, cancellation);
        var current = StableReader.Read(target);
        var content = DocumentText.Encode(ChangeSet.Apply(current.Document, change is null ? [] : [change]).Edited.Text);
        return current.IsMountPoint
            ? Writer.Overwrite(target, content, current.Bytes, () => false)
            : Writer.Replace(target, content, current.Facts, () => false);
    });

    /// <summary>Makes changes, all in one replacement of the file. What is so already is not written.</summary>
    /// <param name="changes">The changes, in order. Those that cannot be made carry their failure and do not stop the others.</param>
    /// <param name="basis">A snapshot to start from when the file still is what it was; saves reading it again.</param>
    /// <param name="allOrNothing">Whether a single failure keeps all from being made.</param>
    /// <param name="cancellation">Ends the wait for the lock and the looks after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written; then it is as it was, unless the message says that it was replaced.</exception>
    public UserFileUpdate Update(
        IReadOnlyList<UserChange> changes, UserFileSnapshot? basis = null, bool allOrNothing = false, CancellationToken cancellation = default) => Guard(() =>
    {
        var target = Target();
        RequireFolder(target);
        IReadOnlyList<UserChangeResult> results = [];
        // Held through the looks, too: another administrator's change must not be taken for an old state of the server's.
        using var fileLock = FileLock.Acquire(target, LockTimeout, cancellation, OnWait);
        AtomicFile.RemoveLeftovers(target);
        var edit = Replace(target, basis, Apply, cancellation);
        var isSettled = edit is not { } made || Settle(target, made.Before.Document, made.After, changes.Select(change => change.Username), cancellation);
        return new UserFileUpdate(results, isSettled) { LockPath = fileLock.Path, BytesWritten = edit?.After.Bytes.Length };

        UserDocument Apply(UserFileSnapshot current)
        {
            (var edited, results) = ChangeSet.Apply(current.Document, changes);
            if (!allOrNothing || results.All(r => r.Failure is null))
                return edited;
            results = [.. results.Where(r => r.Failure is not null)];
            return current.Document;
        }
    });

    /// <summary>Replaces the file, under the lock, by what <paramref name="edit"/> makes of it, as often as it takes for no one to come between.</summary>
    /// <returns>What was there and what is there now; null when the edit changed nothing.</returns>
    private (UserFileSnapshot Before, UserFileSnapshot After)? Replace(
        string target, UserFileSnapshot? basis, Func<UserFileSnapshot, UserDocument> edit, CancellationToken cancellation)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var current = StableReader.Look(target, basis);
            var edited = edit(current);
            var content = DocumentText.Encode(edited.Text);
            if (content.AsSpan().SequenceEqual(current.Bytes))
                return null;
            RequireReadable(content);
            // The facts of what is there now are not asked for: what has been made must not fail any more.
            if (Replace(target, content, current))
                return (current, new UserFileSnapshot(facts: null, content, edited));
            basis = current;
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked, $"The user file '{Path}' is being rewritten all the time by another process. Nothing was changed. Try again later.");
    }

    /// <summary>Replaces the file's content, under the lock, if it still is what the snapshot says.</summary>
    internal bool Replace(string target, byte[] content, UserFileSnapshot current) => current.IsMountPoint
        ? Writer.Overwrite(target, content, current.Bytes, () => StableReader.Has(target, current))
        : Writer.Replace(target, content, current.Facts, () => StableReader.Has(target, current));

    /// <summary>Where a server may be watching, looks, under the lock, until it cannot write an old state any more, and makes the edit again where it did.</summary>
    /// <param name="target">The file.</param>
    /// <param name="before">What was there.</param>
    /// <param name="written">What was written.</param>
    /// <param name="names">The users that were changed.</param>
    /// <param name="cancellation">Ends the looks.</param>
    /// <returns>Whether the edit was there at the end. What fails here does not undo the edit, so it is no failure of the edit.</returns>
    internal bool Settle(string target, UserDocument before, UserFileSnapshot written, IEnumerable<string> names, CancellationToken cancellation)
    {
        if (NoWait || !FolderWatchers.MayExist(System.IO.Path.GetDirectoryName(target)!))
            return true;
        try
        {
            return LookAgain(target, written, new ThreeWayMerge(before, written.Document, names), cancellation);
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e) || e is PgEdgeUsersException or DocumentException or OperationCanceledException)
        {
            return false;
        }
    }

    private bool LookAgain(string target, UserFileSnapshot written, ThreeWayMerge edit, CancellationToken cancellation)
    {
        var quiet = Stopwatch.StartNew();
        FileStatus? seen = null;
        for (var round = 0; quiet.Elapsed < Watch;)
        {
            cancellation.WaitHandle.WaitOne(BetweenLooks);
            cancellation.ThrowIfCancellationRequested();
            // Who took the file away meant it. It is not made anew for one edit's sake.
            if (FileStatus.Of(target) is not { } now)
                return false;
            if (now == seen)
                continue;
            seen = now;
            var current = StableReader.Look(target, written);
            if (!current.Exists)
                return false;
            if (edit.HoldsIn(current))
                continue;
            if (++round == MaxRounds)
                return false;
            written = Replace(target, current, edit.ApplyTo, cancellation)?.After ?? current;
            seen = null;
            quiet.Restart();
        }

        return true;
    }

    /// <summary>Where symbolic links lead: the file that is replaced, and whose folder holds the lock.</summary>
    internal string Target()
    {
        if (Path.Contains('\0', StringComparison.Ordinal))
            throw new PgEdgeUsersException(FailureKind.InvalidUserFilePath, "The path of the user file has a NUL character in it. Name the user file itself with -Path.");
        var path = System.IO.Path.GetFullPath(Path);
        if (FileStatus.Of(path) is { Kind: not FileKind.Regular } facts)
            throw new PgEdgeUsersException(FailureKind.InvalidUserFilePath, $"'{Path}' is a {facts.KindText}, not a file. Name the user file itself with -Path.");
        return LinkTarget.Of(path);
    }

    private void RequireReadable(byte[] content)
    {
        if (content.Length > MaxBytes)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid, $"The user file '{Path}' would have more than {MaxBytes} bytes, and could not be read again. Nothing was changed.");
        }
    }

    private void RequireFolder(string target)
    {
        var folder = System.IO.Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder))
            return;
        if (!MakesFolder)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileNotFound, $"The folder '{folder}' for the user file '{Path}' does not exist. Make the folder first, or choose another file with -Path.");
        }

        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FileStatus.OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Runs something and turns what the text or the system has against it into a failure that says what to do.</summary>
    internal T Guard<T>(Func<T> action) => FileFailures.Guard(Path, () =>
    {
        try
        {
            return action();
        }
        catch (DocumentException e)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid,
                $"The user file '{Path}' cannot be used: line {e.Line.ToString(CultureInfo.InvariantCulture)}: {e.Message}. {e.Remedy} The file was not changed.");
        }
    });
}
