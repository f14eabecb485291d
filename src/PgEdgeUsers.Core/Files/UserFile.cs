using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Core.Files;

/// <summary>
/// The server's user file: read whole or not at all, changed under a lock by replacing it, with a last look before the
/// replacement so that what the running server wrote in the meantime is not lost.
/// </summary>
/// <param name="path">An absolute path. It may be a symbolic link; then the file that it leads to is read and replaced, and the link stays.</param>
public sealed class UserFile(string path)
{
    /// <summary>The largest file that is read, in bytes: some 800,000 users.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private const int MaxRereads = 100;

    private readonly string _path = path;

    /// <summary>The path as it was given.</summary>
    public string Path => _path;

    /// <summary>How long to wait for another administrator's change to end.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the file. One that is not there reads as one without users.</summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be read in full.</exception>
    public UserFileSnapshot Read() => Guard(() => ReadFrom(Target()));

    /// <summary>Makes changes, all in one replacement of the file. What is so already is not written.</summary>
    /// <param name="changes">The changes, in order. Those that cannot be made carry their failure and do not stop the others.</param>
    /// <param name="basis">A snapshot to start from when the file still is what it was; saves reading it again.</param>
    /// <param name="allOrNothing">Whether a single failure keeps all from being made.</param>
    /// <param name="cancellation">Ends the wait for the lock; once the file is being replaced it is not heeded.</param>
    /// <returns>A result for each change, in order.</returns>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written; then it is as it was.</exception>
    public IReadOnlyList<UserChangeResult> Update(
        IReadOnlyList<UserChange> changes, UserFileSnapshot? basis = null, bool allOrNothing = false, CancellationToken cancellation = default) => Guard(() =>
    {
        var target = Target();
        RequireFolder(target);
        using var fileLock = FileLock.Acquire(target, LockTimeout, cancellation);
        AtomicFile.RemoveLeftovers(target);
        for (var reread = 0; reread < MaxRereads; reread++)
        {
            var current = ReadFrom(target, basis);
            var (edited, results) = Apply(current, changes);
            if (ReferenceEquals(edited, current.Document) || (allOrNothing && results.Any(r => r.Failure is not null)))
                return results;
            if (AtomicFile.Replace(target, DocumentText.Encode(edited.Text), current.Facts, () => IsCurrent(target, current)))
                return results;
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileWriteFailed, $"The user file '{_path}' is being rewritten all the time by another process. Nothing was changed. Try again later.");
    });

    private (UserDocument Edited, IReadOnlyList<UserChangeResult> Results) Apply(UserFileSnapshot current, IReadOnlyList<UserChange> changes)
    {
        try
        {
            return ChangeSet.Apply(current.Document, changes);
        }
        catch (DocumentException e)
        {
            throw Invalid(e);
        }
    }

    private UserFileSnapshot ReadFrom(string target, UserFileSnapshot? basis = null)
    {
        using var handle = Open(target);
        if (handle is null)
            return new UserFileSnapshot(null, [], UserDocument.Empty);
        var facts = FileFacts.Of(handle, target);
        RequireRegular(facts);
        var bytes = ReadAll(handle, facts.Size);
        if (basis is { Exists: true } && basis.Bytes.AsSpan().SequenceEqual(bytes))
            return new UserFileSnapshot(facts, bytes, basis.Document);
        try
        {
            return new UserFileSnapshot(facts, bytes, UserDocument.Parse(DocumentText.Decode(bytes)));
        }
        catch (DocumentException e)
        {
            throw Invalid(e);
        }
    }

    private static SafeFileHandle? Open(string target)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? File.OpenHandle(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : Posix.OpenForReading(target);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private byte[] ReadAll(SafeFileHandle handle, long size)
    {
        if (size > MaxBytes)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid, $"The user file '{_path}' has {size.ToString(CultureInfo.InvariantCulture)} bytes; at most {MaxBytes} are read. Is this the right file?");
        }

        var bytes = new byte[size];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(done), done) is var read and > 0)
            done += read;
        return done == bytes.Length ? bytes : bytes[..done];
    }

    private static bool IsCurrent(string target, UserFileSnapshot snapshot)
    {
        var now = FileFacts.Of(target);
        return snapshot.Facts is { } then
            ? now is not null && now.Inode == then.Inode && now.Device == then.Device && now.Size == then.Size && now.ModifiedUtc == then.ModifiedUtc
            : now is null;
    }

    /// <summary>Where symbolic links lead: the file that is replaced, and whose folder holds the lock.</summary>
    private string Target()
    {
        RequireRegular(FileFacts.Of(_path));
        var info = new FileInfo(_path);
        return info.LinkTarget is null ? info.FullName : info.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private void RequireFolder(string target)
    {
        var folder = System.IO.Path.GetDirectoryName(target);
        if (!Directory.Exists(folder))
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileNotFound, $"The folder '{folder}' for the user file '{_path}' does not exist. Make the folder first, or choose another file with -Path.");
        }
    }

    private void RequireRegular(FileFacts? facts)
    {
        if (facts is not null && facts.Kind != FileKind.Regular)
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUserFilePath, $"'{_path}' is a {Word(facts.Kind)}, not a file. Name the user file itself with -Path.");
        }

        static string Word(FileKind kind) => kind switch
        {
            FileKind.Folder => "folder",
            FileKind.Pipe => "named pipe",
            FileKind.Socket => "socket",
            _ => "device",
        };
    }

    private PgEdgeUsersException Invalid(DocumentException e) => new(
        FailureKind.UserFileInvalid,
        $"The user file '{_path}' cannot be used: line {e.Line.ToString(CultureInfo.InvariantCulture)}: {e.Message}. {e.Remedy} The file was not changed.");

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFailures.Explain(e, _path);
        }
    }
}
