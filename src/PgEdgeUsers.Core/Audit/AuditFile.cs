using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Audit;

/// <summary>
/// The audit file on disk: lines are appended under a lock; a full file is renamed to the first of a few numbered ones,
/// or goes on where it cannot be renamed, as one with the append-only attribute.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maxBytes">The size at which a new file is begun.</param>
/// <param name="userFileOwner">
/// Whom the user file belongs to, whose own the audit file may be; null where there is none.
/// </param>
/// <param name="isSidecar">Whether the audit file stands next to the user file, and so has its owner.</param>
internal sealed class AuditFile(string path, long maxBytes, FileOwner? userFileOwner, bool isSidecar)
{
    /// <summary>
    /// Where a full file waits for the older ones to move on: none of them is dropped if it cannot be renamed.
    /// </summary>
    private const int Waiting = 0;

    /// <summary>Makes sure that lines can be appended. A file or lock that is created for that goes again.</summary>
    public void Check(TimeSpan timeout)
    {
        var owner = Owner();
        using var fileLock = FileLock.Acquire(path, timeout, CancellationToken.None, owner);
        if (OpenExisting() is { } existing)
        {
            existing.Dispose();
            return;
        }

        Create(owner).Dispose();
        SidecarFile.Discard(path);
    }

    /// <summary>Appends lines, all in one write.</summary>
    public void Append(byte[] lines, TimeSpan timeout)
    {
        var owner = Owner();
        using var fileLock = FileLock.Acquire(path, timeout, CancellationToken.None, owner);
        using var file = OpenToAppend(owner, lines.Length);
        var length = RandomAccess.GetLength(file);
        // The last line was torn, by a full disk or a crash. It must not spoil the next.
        var isTorn = length > 0 && ReadAt(file, length - 1, 1) is not [(byte)'\n'];
        RandomAccess.Write(file, isTorn ? [(byte)'\n', .. lines] : lines, length);
        fileLock.Keep();
    }

    /// <summary>Reads lines, the oldest first, also of the older files; only so many bytes, the newest.</summary>
    /// <param name="maxReadBytes">How much to read.</param>
    /// <param name="select">Makes something of a line; null leaves it out.</param>
    public IReadOnlyList<T> ReadLines<T>(long maxReadBytes, Func<string, T?> select)
        where T : class
    {
        while (true)
        {
            var newest = FileStatus.OfLink(path);
            var lines = new List<T>();
            foreach (var (file, start) in Parts(maxReadBytes))
                lines.AddRange(LinesOf(file, start).Select(select).OfType<T>());
            // Files that were renamed meanwhile may have been missed.
            var now = FileStatus.OfLink(path);
            if (newest is null ? now is null : newest.IsSameFileAs(now))
                return lines;
        }
    }

    /// <summary>
    /// Whom the audit file belongs to, or will: the user file's owner, or for a file of its own whomever it belongs to.
    /// </summary>
    private FileOwner? Owner()
    {
        using var existing = OpenExisting();
        if (isSidecar)
            return userFileOwner;
        return existing is null ? null : FileStatus.Of(existing, path).Owner;
    }

    /// <summary>
    /// Opens the file if it is there. It must be an audit file: a path that was mistyped could be any file.
    /// </summary>
    private SafeFileHandle? OpenExisting()
    {
        var file = SidecarFile.Open(path, SidecarAccess.Append, userFileOwner);
        if (file is null || AuditLine.Beginning.StartsWith(ReadAt(file, 0, AuditLine.Beginning.Length)))
            return file;
        file.Dispose();
        throw new StorageException(
            StorageFailure.Untrusted, path, $"'{path}' is there and has no audit events", "Name another file.");
    }

    private SafeFileHandle OpenToAppend(FileOwner? owner, int count)
    {
        var file = OpenExisting();
        if (file is null)
            return Create(owner);
        var status = FileStatus.Of(file, path);
        if (status.Size > 0 && status.Size + count > maxBytes && Rotate())
        {
            file.Dispose();
            return Create(owner);
        }

        if (owner is null || status.User == owner.User)
            return file;
        GiveAway(file, status, owner);
        file.Dispose();
        return OpenExisting() ?? Create(owner);
    }

    private SafeFileHandle Create(FileOwner? owner) => SidecarFile.TryCreate(path, owner)
        ?? throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"'{path}' was created by another process at the same moment",
            "Find out which.");

    /// <summary>
    /// Root's own file becomes the user file's owner's, who could not append to it otherwise: by a new file that has
    /// its content.
    /// </summary>
    private void GiveAway(SafeFileHandle file, FileStatus status, FileOwner owner)
    {
        if (status.Size > maxBytes)
            return;
        try
        {
            _ = new AtomicFile().Replace(path, FileContent.Read(file, status.Size), status, owner, () => true);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            // One with the append-only attribute stays root's, and is appended to as it is.
        }
    }

    /// <returns>False when the file cannot be renamed; then none of the older ones is dropped.</returns>
    private bool Rotate()
    {
        try
        {
            Shift();
            if (FileStatus.OfLink(Numbered(Waiting)) is not null)
                return false;
            FileSystem.Current.Rename(null, path, Numbered(Waiting));
            Shift();
            return true;
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return FileStatus.OfLink(path) is null;
        }
    }

    /// <summary>Moves the older files on if one waits for it. The oldest is dropped.</summary>
    private void Shift()
    {
        if (FileStatus.OfLink(Numbered(Waiting)) is null)
            return;
        for (var i = AuditLog.KeptFiles - 1; i >= Waiting; i--)
        {
            if (FileStatus.OfLink(Numbered(i)) is not null)
                FileSystem.Current.Rename(null, Numbered(i), Numbered(i + 1));
        }
    }

    private string Numbered(int number) => SidecarPath.Numbered(path, number);

    /// <summary>What to read: the files, the oldest first, and where in them to begin.</summary>
    private Stack<(string File, long Start)> Parts(long maxReadBytes)
    {
        var parts = new Stack<(string, long)>();
        foreach (var file in Enumerable.Range(Waiting, AuditLog.KeptFiles + 1).Select(Numbered).Prepend(path))
        {
            if (maxReadBytes <= 0 || FileStatus.OfLink(file) is not { } status)
                continue;
            parts.Push((file, Math.Max(0, status.Size - maxReadBytes)));
            maxReadBytes -= status.Size;
        }

        return parts;
    }

    private IEnumerable<string> LinesOf(string file, long start)
    {
        // Renamed just now: it is read again.
        if (SidecarFile.Open(file, SidecarAccess.Read, userFileOwner) is not { } handle)
            yield break;
        using var stream = new FileStream(handle, FileAccess.Read);
        stream.Position = start;
        using var reader = new StreamReader(stream);
        // In the middle of a line.
        if (start > 0)
            reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static byte[] ReadAt(SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        return bytes[..RandomAccess.Read(file, bytes, offset)];
    }
}
