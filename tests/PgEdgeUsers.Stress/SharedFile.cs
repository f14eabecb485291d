using System.Text;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Stress;

/// <summary>Reads files without keeping other processes from writing, replacing or removing them.</summary>
internal static class SharedFile
{
    public static byte[] ReadBytes(string path)
    {
        using var file = FileSystem.Current.OpenForReading(path);
        return FileContent.Read(file, RandomAccess.GetLength(file));
    }

    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path));
}
