using System.Security.Cryptography;

namespace PgEdgeUsers.Core.Files;

/// <summary>Replaces a file's whole content so that, whatever happens, the old or the new content is there and never a part.</summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>Replaces or makes a file. The steps and their order are what the promise rests on.</summary>
    /// <param name="path">The file itself, not a link to it.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="original">The facts of the file that is replaced; null for a new one.</param>
    /// <param name="isStillCurrent">Asked at the last moment: whether the file is still what the new content was made from.</param>
    /// <returns>False when it was not, and nothing was changed.</returns>
    public static bool Replace(string path, ReadOnlySpan<byte> content, FileFacts? original, Func<bool> isStillCurrent)
    {
        var folder = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}{TemporarySuffix}");
        try
        {
            using (var stream = new FileStream(temporary, NewFile()))
            {
                stream.Write(content);
                FileOwner.Keep(stream.SafeFileHandle, temporary, original);
                stream.Flush(flushToDisk: true);
            }

            if (!isStillCurrent())
                return false;
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        if (!OperatingSystem.IsWindows())
            Posix.SyncFolder(folder);
        return true;
    }

    /// <summary>Removes what writers left that were killed before their rename. Only for the holder of the lock.</summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.*{TemporarySuffix}"))
            File.Delete(left);
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileFacts.OwnerOnly;
        return options;
    }
}
