using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads a user file without waiting for anything. A writer may be in the middle of it, so it is for what is checked
/// again on a whole read: a password before the attempt is recorded, or a session that then counts whatever else is in
/// the file.
/// </summary>
internal static class UnsynchronizedRead
{
    /// <summary>
    /// What was read last, while there is memory for it: the same bytes need not be parsed again for every session.
    /// </summary>
    private static readonly WeakReference<UserFileSnapshot?> Last = new(null);

    /// <summary>Reads the file, and gives null where it is not there, or not whole as far as can be seen.</summary>
    public static UserFileSnapshot? Of(string path)
    {
        try
        {
            using var file = FileContent.Open(path);
            if (file is null)
                return null;
            if (FileStatus.Of(file, path) is not { Kind: FileKind.Regular, Size: <= UserFile.MaxBytes } status)
                return null;
            if (Last.TryGetTarget(out var last) && FileContent.IsEqual(file, last.Bytes))
                return last.At(status);
            var bytes = FileContent.Read(file, status.Size);
            var snapshot = new UserFileSnapshot(status, bytes, UserDocument.Parse(DocumentText.Decode(bytes)));
            if (!snapshot.IsComplete)
                return null;
            Last.SetTarget(snapshot);
            return snapshot;
        }
        catch (Exception e) when (e is DocumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
