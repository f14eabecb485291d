using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads a user file without waiting. Another process may be writing it, so callers use this only for checks that are
/// repeated on a synchronized read (a password, before the attempt is recorded) or that do not depend on the rest of
/// the file (a session).
/// </summary>
internal static class UnsynchronizedRead
{
    /// <summary>A cache of the last snapshot, so that the same bytes are not parsed again for every session.</summary>
    private static readonly WeakReference<UserFileSnapshot?> Last = new(null);

    /// <summary>Reads the file; null if it does not exist or is visibly incomplete.</summary>
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
