using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Files;

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
    public bool Replace(string path, byte[] content, FileFacts? original, Func<bool> isStillCurrent)
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
            File.Delete(temporary);
        }

        try
        {
            SyncFolder(path);
        }
        catch (IOException e)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileWriteFailed, $"The file '{path}' was replaced, but the system could not confirm that this will outlast a power failure: {e.Message.TrimEnd('.')}.", e);
        }

        return true;
    }

    /// <summary>
    /// Writes over a file that cannot be renamed over because it is a mount point of its own, as single files given to a
    /// container are. A synced copy of the old content stands by until the new content is synced.
    /// </summary>
    /// <returns>False when the file was not what the new content was made from, and nothing was changed.</returns>
    public bool Overwrite(string path, byte[] content, byte[] oldContent, Func<bool> isStillCurrent)
    {
        var copy = WriteCopy(path, oldContent);
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            if (!isStillCurrent())
            {
                File.Delete(copy);
                return false;
            }

            try
            {
                Write(file, content);
                RandomAccess.SetLength(file, content.Length);
                Sync(file, path);
            }
            catch (IOException e)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileWriteFailed, $"'{path}' is a mount point, had to be written in place, and could not be: {e.Message.TrimEnd('.')}. Its old content is in '{copy}'; copy it back.", e);
            }

            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, FileFacts.OwnerOnly);
        }

        File.Delete(copy);
        return true;
    }

    /// <summary>Writes a synced copy, mode 0600, into the file's folder or, where that cannot be written, the temporary folder.</summary>
    /// <returns>The copy's path.</returns>
    public string WriteCopy(string path, byte[] content)
    {
        try
        {
            return WriteCopyIn(Path.GetDirectoryName(path)!, path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return WriteCopyIn(Path.GetTempPath(), path, content);
        }
    }

    /// <summary>Removes what writers left that were killed before their rename. Only for the holder of the lock.</summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.*.tmp"))
        {
            if (TemporaryEnding().IsMatch(left))
                File.Delete(left);
        }
    }

    protected virtual SafeFileHandle Create(string path) =>
        OperatingSystem.IsWindows() ? WindowsFile.CreateForOwner(path) : Posix.CreateForOwner(path);

    protected virtual void Write(SafeFileHandle file, byte[] content) => RandomAccess.Write(file, content, 0);

    protected virtual void KeepOwner(SafeFileHandle file, string path, FileFacts? original) => FileOwner.Keep(file, path, original);

    protected virtual void Sync(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    protected virtual void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            WindowsFile.Rename(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    protected virtual void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private string WriteCopyIn(string folder, string path, byte[] content)
    {
        var copy = Path.Combine(folder, $"{Path.GetFileName(path)}.{DateTime.UtcNow:yyyyMMdd'T'HHmmss}.{RandomNumberGenerator.GetHexString(6, lowercase: true)}.bak");
        using var file = Create(copy);
        Write(file, content);
        Sync(file, copy);
        return copy;
    }

    private static string TemporaryFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}.tmp");

    [GeneratedRegex(@"\.[0-9a-f]{12}\.tmp\z")]
    private static partial Regex TemporaryEnding();
}
