using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>What came of replacing a file.</summary>
/// <param name="IsDone">
/// False when the file was not what the new content was made from, and nothing was changed.
/// </param>
/// <param name="Lost">What the new file does not have of what the old one had beside its content, in words.</param>
internal sealed record Replacement(bool IsDone, IReadOnlyList<string> Lost)
{
    /// <summary>Nothing was changed.</summary>
    public static Replacement None { get; } = new(false, []);
}

/// <summary>
/// Replaces a file's whole content so that, whatever happens, the old or the new content is there and never a part.
/// The steps can be replaced one by one, to see what the failure of each leaves.
/// </summary>
internal class AtomicFile
{
    private static FileSystem System => FileSystem.Current;

    /// <summary>Replaces or creates a file. The steps and their order are what the promise rests on.</summary>
    /// <param name="path">The file itself, not a link to it.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="original">The status of the file that is replaced; null for a new one.</param>
    /// <param name="owner">Whom the new file belongs to; null for this process's account.</param>
    /// <param name="isStillCurrent">
    /// Asked at the last moment: whether the file is what the new content was made from.
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
                "the file was replaced, but the system could not confirm that this will outlast a power failure: "
                    + Because(e),
                "Check that the disk is in order.",
                e);
        }

        return new Replacement(true, lost);
    }

    /// <summary>
    /// Writes over a file that cannot be renamed over because it is a mount point of its own, as single files given to
    /// a container are. A synced copy of the old content stands by until the new content, or again the old, is synced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="oldContent">The content that it has.</param>
    /// <param name="owner">Whom it is to belong to from now on; null to leave it as it is.</param>
    /// <param name="isStillCurrent">
    /// Asked at the last moment: whether the file is what the new content was made from.
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
    /// Writes a synced copy, mode 0600, into the file's folder or, where that cannot be written, the temporary folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="owner">
    /// Whom the copy belongs to, so that it can take the file's place; null for this process's account.
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
    /// Removes what writers left that were killed before their rename. Only for the holder of the lock.
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
            // .NET's word for the system's "file too large", which a limit on the process can cause.
            var bytes = content.Length.ToString(CultureInfo.InvariantCulture);
            throw new IOException($"{bytes} bytes are more than a file may have here", e);
        }
    }

    /// <summary>Gives a new file its owner, and what the file that it replaces has beside its content.</summary>
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

    /// <summary>Writes a new file that is gone again unless it is finished.</summary>
    /// <returns>What it could not have of the original; null when it was not finished.</returns>
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
