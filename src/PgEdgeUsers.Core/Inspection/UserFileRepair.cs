using PgEdgeUsers.Core.Document;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Location;

namespace PgEdgeUsers.Core.Inspection;

/// <summary>Mends what can be mended without a decision of an administrator, after a synced copy of the file has been made beside it.</summary>
public static class UserFileRepair
{
    /// <summary>Mends the file.</summary>
    /// <param name="location">The user file.</param>
    /// <param name="cancellation">Ends the wait for the lock.</param>
    /// <returns>The copy's path and what was mended; no path and nothing when there was nothing to mend.</returns>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written; then it is as it was.</exception>
    public static (string? Copy, IReadOnlyList<Finding> Mended) Repair(UserFileLocation location, CancellationToken cancellation = default)
    {
        var mended = UserFileInspector.Inspect(location).Where(f => f.CanRepair).ToArray();
        if (mended.Length == 0)
            return (null, mended);
        var file = new UserFile(location.Path);
        return file.Guard(() =>
        {
            var target = file.Target();
            using var fileLock = FileLock.Acquire(target, file.LockTimeout, cancellation);
            var current = StableReader.Look(target);
            var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(current.Bytes));
            if (document.NullEntries.Count > 0)
                document = UserDocumentEditor.RemoveNullEntries(document);
            document = UserDocumentEditor.Complete(document);
            var copy = file.Writer.WriteCopy(target, current.Bytes);
            if (!file.Replace(target, DocumentText.Encode(document.Text), current))
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileWriteFailed, $"The user file '{location.Path}' was changed by another process while it was repaired. Nothing was changed. Try again.");
            }

            return ((string?)copy, (IReadOnlyList<Finding>)mended);
        });
    }
}
