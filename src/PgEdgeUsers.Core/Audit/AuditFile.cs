using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Audit;

/// <summary>
/// The audit file on disk. Lines are appended under a lock. A full file is rotated to a numbered one, or keeps growing
/// if it cannot be renamed, for example because of the append-only attribute.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maxBytes">The size at which the file is rotated.</param>
/// <param name="userFileOwner">
/// The owner of the user file, who may own the audit file too; null if there is no user file.
/// </param>
/// <param name="isSidecar">
/// Whether the audit file is a sidecar file of the user file, and therefore has the same owner.
/// </param>
internal sealed class AuditFile(string path, long maxBytes, FileOwner? userFileOwner, bool isSidecar)
{
    /// <summary>
    /// The number of a full file until the older ones have been renamed, so that none of them is deleted if a rename
    /// fails.
    /// </summary>
    private const int Waiting = 0;

    /// <summary>
    /// Checks that lines can be appended. A file or lock file created for this check is deleted again.
    /// </summary>
    public void Check(TimeSpan timeout)
    {
        var owner = Owner();
        using var fileLock = FileLock.Acquire(path, timeout, CancellationToken.None, owner);
        using var existing = OpenExisting();
        if (existing is not null)
            return;
        Create(owner).Dispose();
        SidecarFile.Discard(path);
    }

    /// <summary>Appends lines in a single write.</summary>
    public void Append(byte[] lines, TimeSpan timeout)
    {
        var owner = Owner();
        using var fileLock = FileLock.Acquire(path, timeout, CancellationToken.None, owner);
        using var file = OpenToAppend(owner, lines.Length);
        var length = RandomAccess.GetLength(file);
        // A full disk or a crash may have truncated the last line. A line break keeps it separate from the new lines.
        var isTorn = length > 0 && ReadAt(file, length - 1, 1) is not [(byte)'\n'];
        RandomAccess.Write(file, isTorn ? [(byte)'\n', .. lines] : lines, length);
        fileLock.Keep();
    }

    /// <summary>Reads the lines of all files, oldest first, but only the given number of most recent bytes.</summary>
    /// <param name="maxReadBytes">The maximum number of bytes.</param>
    /// <param name="select">Converts a line; null skips it.</param>
    public IReadOnlyList<T> ReadLines<T>(long maxReadBytes, Func<string, T?> select)
        where T : class
    {
        while (true)
        {
            var newest = FileStatus.OfLink(path);
            var lines = new List<T>();
            foreach (var (file, start) in Parts(maxReadBytes))
                lines.AddRange(LinesOf(file, start).Select(select).OfType<T>());
            // Files that were renamed in the meantime may have been missed.
            var now = FileStatus.OfLink(path);
            if (newest is null ? now is null : newest.IsSameFileAs(now))
                return lines;
        }
    }

    /// <summary>
    /// The owner of the audit file: for a sidecar file, the user file's owner; for a separate file, its current owner.
    /// </summary>
    private FileOwner? Owner()
    {
        using var existing = OpenExisting();
        if (isSidecar)
            return userFileOwner;
        return existing is null ? null : FileStatus.Of(existing, path).Owner;
    }

    /// <summary>
    /// Opens the file if it exists. It must be an audit file, because a mistyped path could name any file.
    /// </summary>
    private SafeFileHandle? OpenExisting()
    {
        var file = SidecarFile.Open(path, SidecarAccess.Append, userFileOwner);
        if (file is null || AuditLine.Beginning.StartsWith(ReadAt(file, 0, AuditLine.Beginning.Length)))
            return file;
        file.Dispose();
        throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"'{path}' exists and does not contain audit events",
            "Specify another file.");
    }

    private SafeFileHandle OpenToAppend(FileOwner? owner, int count)
    {
        var file = OpenExisting();
        if (file is null)
            return Create(owner);
        var status = FileStatus.Of(file, path);
        if (status.Size + count <= maxBytes || !Rotate())
        {
            if (owner is null || status.User == owner.User)
                return file;
            GiveAway(file, status, owner);
        }

        file.Dispose();
        return OpenExisting() ?? Create(owner);
    }

    private SafeFileHandle Create(FileOwner? owner) => SidecarFile.TryCreate(path, owner)
        ?? throw new StorageException(
            StorageFailure.Untrusted,
            path,
            $"'{path}' was created by another process at the same moment",
            "Find out which process created it.");

    /// <summary>
    /// Gives a file of root to the owner of the user file, who could not append to it otherwise. It is replaced by a
    /// new file with the same content.
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
            // A file with the append-only attribute cannot be replaced. It still belongs to root, which can append to
            // it.
        }
    }

    /// <returns>False if the file cannot be renamed; no older file is deleted then.</returns>
    private bool Rotate()
    {
        try
        {
            Shift();
            FileSystem.Current.Rename(null, path, Numbered(Waiting));
            Shift();
            return true;
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return FileStatus.OfLink(path) is null;
        }
    }

    /// <summary>Renames the older files if a full file is waiting. The oldest is deleted.</summary>
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

    /// <summary>The files to read, oldest first, and the positions to start from.</summary>
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
        // The file was just renamed; the caller starts again.
        if (SidecarFile.Open(file, SidecarAccess.Read, userFileOwner) is not { } handle)
            yield break;
        using var stream = new FileStream(handle, FileAccess.Read);
        stream.Position = start;
        using var reader = new StreamReader(stream);
        // The position may be in the middle of a line.
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
