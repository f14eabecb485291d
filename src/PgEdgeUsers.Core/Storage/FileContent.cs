using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>Reads files without blocking processes that write, replace or remove them.</summary>
internal static class FileContent
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Opens a file for reading; null if it does not exist.</summary>
    public static SafeFileHandle? Open(string path)
    {
        try
        {
            return FileSystem.Current.OpenForReading(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the given number of bytes; fewer if the file has become shorter.</summary>
    public static byte[] Read(SafeFileHandle file, long count)
    {
        var bytes = new byte[count];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(done), done) is var read and > 0)
            done += read;
        return done == bytes.Length ? bytes : bytes[..done];
    }

    /// <summary>
    /// Whether a file contains exactly these bytes. It is read in small chunks, to avoid a large array for each
    /// comparison.
    /// </summary>
    public static bool IsEqual(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        if (RandomAccess.GetLength(file) != bytes.Length)
            return false;
        var chunk = new byte[Math.Min(bytes.Length, ChunkBytes)];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, chunk, done);
            if (read == 0 || read > bytes.Length - done)
                return false;
            if (!bytes.Slice(done, read).SequenceEqual(chunk.AsSpan(0, read)))
                return false;
            done += read;
        }

        return true;
    }
}
