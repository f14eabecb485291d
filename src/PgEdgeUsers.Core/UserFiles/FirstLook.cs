using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// A look at a user file that waits for nothing. A writer may be in the middle of it, so it is for what is checked again on a
/// reading that is whole: a password before the attempt is recorded, or a session that then counts whatever else is in the file.
/// </summary>
internal static class FirstLook
{
    /// <summary>What was seen last, while there is memory for it: the same bytes need not be understood again for every session that is validated.</summary>
    private static readonly WeakReference<UserFileSnapshot?> Last = new(null);

    /// <summary>Looks at the file, and gives null where it is not there, or not whole as far as can be seen.</summary>
    public static UserFileSnapshot? At(string path)
    {
        if (FileStatus.Of(path) is not { Kind: FileKind.Regular, Size: <= UserFile.MaxBytes } facts)
            return null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (Last.TryGetTarget(out var last) && last.Bytes.AsSpan().SequenceEqual(bytes))
                return last.At(facts);
            var snapshot = new UserFileSnapshot(facts, bytes, UserDocument.Parse(DocumentText.Decode(bytes)));
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
