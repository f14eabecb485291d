using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Replaces a file's whole content so that, whatever happens, the old or the new content is there and never a part.
/// The steps can be replaced one by one, to see what the failure of each leaves behind.
/// </summary>
internal partial class AtomicFile
{
    /// <summary>Replaces or makes a file. The steps and their order are what the promise rests on.</summary>
    /// <param name="path">The file itself, not a link to it.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="original">The facts of the file that is replaced; null for a new one.</param>
    /// <param name="isStillCurrent">Asked at the last moment: whether the file is still what the new content was made from.</param>
    /// <returns>False when it was not, and nothing was changed.</returns>
    public bool Replace(string path, byte[] content, FileStatus? original, Func<bool> isStillCurrent)
    {
        var temporary = TemporaryFor(path);
        try
        {
            using (var file = Create(temporary))
            {
                Write(file, content);
                KeepOwner(file, temporary, original);
                Sync(file, temporary);
            }

            if (!isStillCurrent())
                return false;
            Rename(temporary, path);
        }
        finally
        {
            Discard(temporary);
        }

        try
        {
            SyncFolder(path);
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileWriteFailed, $"The file '{path}' was replaced, but the system could not confirm that this will outlast a power failure: {FileFailures.Because(e)}.", e);
        }

        return true;
    }

    /// <summary>
    /// Writes over a file that cannot be renamed over because it is a mount point of its own, as single files given to a
    /// container are. A synced copy of the old content stands by until the new content, or again the old, is synced.
    /// </summary>
    /// <returns>False when the file was not what the new content was made from, and nothing was changed.</returns>
    public bool Overwrite(string path, byte[] content, byte[] oldContent, Func<bool> isStillCurrent)
    {
        var copy = WriteCopy(path, oldContent);
        var isCopyNeeded = false;
        try
        {
            using var file = Posix.OpenForWriting(path);
            FileOwner.Tighten(file, path);
            if (!isStillCurrent())
                return false;
            isCopyNeeded = true;
            try
            {
                Fill(file, path, content);
            }
            catch (Exception e) when (FileFailures.IsOfSystem(e))
            {
                Restore(file, path, oldContent, copy, e);
                isCopyNeeded = false;
                throw;
            }

            isCopyNeeded = false;
            return true;
        }
        finally
        {
            if (!isCopyNeeded)
                Discard(copy);
        }
    }

    /// <summary>Writes a synced copy, mode 0600, into the file's folder or, where that cannot be written, the temporary folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="original">The facts of the file whose owner the copy gets, so that it can take its place again; null for a copy that does not stay.</param>
    /// <returns>The copy's path.</returns>
    public string WriteCopy(string path, byte[] content, FileStatus? original = null)
    {
        try
        {
            return WriteCopyIn(Path.GetDirectoryName(path)!, path, content, original);
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            return WriteCopyIn(Path.GetTempPath(), path, content, original);
        }
    }

    /// <summary>Removes what writers left that were killed before their rename. Only for the holder of the lock.</summary>
    public static void RemoveLeftovers(string path)
    {
        var start = $".{Path.GetFileName(path)}.";
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!))
        {
            var name = Path.GetFileName(left.AsSpan());
            if (name.StartsWith(start, StringComparison.Ordinal) && TemporaryEnding().IsMatch(name[start.Length..]))
                Discard(left);
        }
    }

    protected virtual SafeFileHandle Create(string path) =>
        OperatingSystem.IsWindows() ? WindowsFile.CreateForOwner(path) : Posix.CreateForOwner(path);

    protected virtual void Write(SafeFileHandle file, byte[] content)
    {
        try
        {
            RandomAccess.Write(file, content, 0);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // .NET's word for the system's "file too large", which a limit on the process can cause.
            throw new IOException($"{content.Length.ToString(CultureInfo.InvariantCulture)} bytes are more than a file may have here", e);
        }
    }

    protected virtual void KeepOwner(SafeFileHandle file, string path, FileStatus? original) => FileOwner.Keep(file, path, original);

    protected virtual void Sync(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    protected virtual void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            WindowsFile.Rename(from, to);
        else
            Posix.Rename(from, to);
    }

    protected virtual void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
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
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileWriteFailed, $"'{path}' is a mount point, had to be written in place, and could be neither written nor restored: {FileFailures.Because(cause)}. Its old content is in '{copy}'; copy it back.", cause);
        }
    }

    private string WriteCopyIn(string folder, string path, byte[] content, FileStatus? original)
    {
        var copy = Path.Combine(folder, string.Create(
            CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}.{DateTime.UtcNow:yyyyMMdd'T'HHmmss}.{RandomNumberGenerator.GetHexString(6, lowercase: true)}.bak"));
        try
        {
            using (var file = Create(copy))
            {
                Write(file, content);
                KeepOwner(file, copy, original);
                Sync(file, copy);
            }

            SyncFolder(copy);
            return copy;
        }
        catch
        {
            Discard(copy);
            throw;
        }
    }

    /// <summary>Deletes a file of ours if it is there. Where that cannot be, it must not hide what went wrong before.</summary>
    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            // The next writer tries again.
        }
    }

    private static string TemporaryFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}.tmp");

    [GeneratedRegex(@"\A[0-9a-f]{12}\.tmp\z")]
    private static partial Regex TemporaryEnding();
}
