using System.Text;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Stress;

/// <summary>Reads and rewrites files without keeping other processes from using them.</summary>
internal static class SharedFile
{
    public static byte[] ReadBytes(string path)
    {
        using var file = FileSystem.Current.OpenForReading(path);
        return FileContent.Read(file, RandomAccess.GetLength(file));
    }

    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    /// <summary>Opens a file as the server does to save it: truncated, and shared with readers and writers.</summary>
    public static FileStream OpenToRewrite(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            }
            catch (IOException) when (OperatingSystem.IsWindows())
            {
                // A reader that checks whether the file has writers keeps them out for a moment.
                Thread.Sleep(1);
            }
        }
    }
}
