using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The result of replacing a file.</summary>
/// <param name="IsDone">
/// False if the file no longer was the one that the new content is based on; nothing was changed then.
/// </param>
/// <param name="Lost">The attributes of the old file that the new file lacks, described in words.</param>
internal sealed record Replacement(bool IsDone, IReadOnlyList<string> Lost)
{
    /// <summary>Nothing was changed.</summary>
    public static Replacement None { get; } = new(false, []);
}

/// <summary>
/// Replaces the whole content of a file: after a failure or a crash, the file has either the old or the new content,
/// never part of it. Tests override single steps to simulate their failure.
/// </summary>
internal class AtomicFile
{
    private static FileSystem System => FileSystem.Current;

    /// <summary>Replaces or creates a file. Atomicity depends on the order of the steps.</summary>
    /// <param name="path">The file itself, not a link to it.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="original">The status of the file that is replaced; null for a new one.</param>
    /// <param name="owner">The owner of the new file; null for this process's account.</param>
    /// <param name="isStillCurrent">
    /// Called right before the write: whether the file still is the one that the new content is based on.
    /// </param>
    public Replacement Replace(
        string path, byte[] content, FileStatus? original, FileOwner? owner, Func<bool> isStillCurrent)
    {
        var temporary = SidecarPath.Temporary(path);
        var lost = WriteNew(temporary, content, (path, original), owner, file =>
        {
            if (!isStillCurrent())
                return false;
            Rename(file, temporary, path);
            return true;
        });
        if (lost is null)
            return Replacement.None;
        try
        {
            SyncFolder(path);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw new StorageException(
                StorageFailure.NotSynced,
                path,
                "the file was replaced, but the system could not confirm that the change will survive a power failure: "
                    + Because(e),
                "Check that the disk is in order.",
                e);
        }

        return new Replacement(true, lost);
    }

    /// <summary>
    /// Overwrites a file in place because it is a mount point, which a rename cannot replace (for example, a single
    /// file mounted into a container). A synced copy of the old content is kept until either the new content or the
    /// restored old content is synced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="oldContent">The current content.</param>
    /// <param name="owner">The new owner; null to keep the owner.</param>
    /// <param name="isStillCurrent">
    /// Called right before the write: whether the file still is the one that the new content is based on.
    /// </param>
    public Replacement Overwrite(
        string path, byte[] content, byte[] oldContent, FileOwner? owner, Func<bool> isStillCurrent)
    {
        var copy = WriteCopy(path, oldContent, owner: null);
        var isCopyNeeded = false;
        try
        {
            using var file = System.OpenExisting(path, SidecarAccess.ReadWrite);
            if (owner is not null)
                System.GiveTo(file, path, owner);
            if (System.StatusOf(file, path).Mode != FileStatus.OwnerOnly)
                System.RestrictToOwner(file);
            if (!isStillCurrent())
                return Replacement.None;
            isCopyNeeded = true;
            try
            {
                Fill(file, path, content);
            }
            catch (Exception e) when (StorageException.IsOfSystem(e))
            {
                Restore(file, path, oldContent, copy, e);
                isCopyNeeded = false;
                throw;
            }

            isCopyNeeded = false;
            return new Replacement(true, []);
        }
        finally
        {
            if (!isCopyNeeded)
                SidecarFile.Discard(copy);
        }
    }

    /// <summary>
    /// Writes a synced copy with mode 0600 to the file's folder or, if that is not writable, to the temporary folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="owner">
    /// The owner of the copy, which can then replace the file as it is; null for this process's account.
    /// </param>
    /// <returns>The copy's path.</returns>
    public string WriteCopy(string path, byte[] content, FileOwner? owner)
    {
        try
        {
            return WriteCopyIn(Path.GetDirectoryName(path)!, path, content, owner);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return WriteCopyIn(Path.GetTempPath(), path, content, owner);
        }
    }

    /// <summary>
    /// Removes the temporary files of writers that were killed before their rename. The caller must hold the lock.
    /// </summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var left in SidecarPath.Leftovers(path))
            SidecarFile.Discard(left);
    }

    protected virtual SafeFileHandle Create(string path) => System.CreateNew(path);

    protected virtual void Write(SafeFileHandle file, byte[] content)
    {
        try
        {
            RandomAccess.Write(file, content, 0);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // This is how .NET reports the system error "file too large", which a limit on the process can cause.
            var bytes = content.Length.ToString(CultureInfo.InvariantCulture);
            throw new IOException($"{bytes} bytes exceed the largest file that is allowed here", e);
        }
    }

    /// <summary>Gives a new file its owner and the attributes of the file that it replaces.</summary>
    protected virtual IReadOnlyList<string> KeepAccess(
        SafeFileHandle file, string path, (string Path, FileStatus? Status) original, FileOwner? owner)
    {
        if (owner is not null)
            System.GiveTo(file, path, owner);
        return original.Status is null ? [] : System.KeepAttributes(file, path, original.Path, original.Status);
    }

    protected virtual void Sync(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    protected virtual void Rename(SafeFileHandle file, string from, string to) => System.Rename(file, from, to);

    protected virtual void SyncFolder(string path) => System.SyncFolder(Path.GetDirectoryName(path)!);

    /// <summary>Writes a new file, and deletes it if it is not finished.</summary>
    /// <returns>The attributes of the original that could not be kept; null if the file was not finished.</returns>
    private IReadOnlyList<string>? WriteNew(
        string path,
        byte[] content,
        (string, FileStatus?) original,
        FileOwner? owner,
        Func<SafeFileHandle, bool> finish)
    {
        var file = Create(path);
        var isFinished = false;
        try
        {
            Write(file, content);
            var lost = KeepAccess(file, path, original, owner);
            Sync(file, path);
            isFinished = finish(file);
            return isFinished ? lost : null;
        }
        finally
        {
            file.Dispose();
            if (!isFinished)
                SidecarFile.Discard(path);
        }
    }

    private void Fill(SafeFileHandle file, string path, byte[] content)
    {
        Write(file, content);
        RandomAccess.SetLength(file, content.Length);
        Sync(file, path);
    }

    private void Restore(SafeFileHandle file, string path, byte[] oldContent, string copy, Exception cause)
    {
        try
        {
            Fill(file, path, oldContent);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw new StorageException(
                StorageFailure.NotRestored,
                path,
                $"'{path}' is a mount point, had to be written in place, and could be neither written nor restored: "
                    + Because(cause),
                $"Its old content is in '{copy}'; copy it back.",
                cause);
        }
    }

    private string WriteCopyIn(string folder, string path, byte[] content, FileOwner? owner)
    {
        var copy = SidecarPath.Backup(path, folder);
        _ = WriteNew(copy, content, (path, null), owner, _ => true);
        try
        {
            SyncFolder(copy);
            return copy;
        }
        catch
        {
            SidecarFile.Discard(copy);
            throw;
        }
    }

    private static string Because(Exception error) => error.Message.TrimEnd('.');
}
