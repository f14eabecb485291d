using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>Reads files without getting into the way of anyone who writes, replaces or removes them.</summary>
internal static class FileContent
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Opens a file for reading; null where there is none.</summary>
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

    /// <summary>Reads so many bytes; fewer when the file has become shorter.</summary>
    public static byte[] Read(SafeFileHandle file, long count)
    {
        var bytes = new byte[count];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(done), done) is var read and > 0)
            done += read;
        return done == bytes.Length ? bytes : bytes[..done];
    }

    /// <summary>
    /// Whether a file has exactly these bytes. Read in small pieces: large arrays, one for each comparison, would keep
    /// the garbage collector busy.
    /// </summary>
    public static bool IsEqual(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        if (RandomAccess.GetLength(file) != bytes.Length)
            return false;
        var piece = new byte[Math.Min(bytes.Length, ChunkBytes)];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, piece, done);
            if (read == 0 || read > bytes.Length - done)
                return false;
            if (!bytes.Slice(done, read).SequenceEqual(piece.AsSpan(0, read)))
                return false;
            done += read;
        }

        return true;
    }
}
