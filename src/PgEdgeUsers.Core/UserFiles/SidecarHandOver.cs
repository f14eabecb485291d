using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Gives the sidecar files to the new owner of a user file, who could not use them otherwise; other accounts would no
/// longer trust them. Each file is replaced by a new one with the same content.
/// </summary>
internal static class SidecarHandOver
{
    /// <summary>More rotated files than an audit log keeps.</summary>
    private const int MaxNumbered = 9;

    private static readonly TimeSpan AuditTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Finishes a change of a user file: keeps its lock file for the next change, unless the user file has a new owner.
    /// </summary>
    public static void Finish(UserFileWriter writer, FileLock fileLock)
    {
        fileLock.Keep();
        if (writer is not { NewOwner: { } to, FormerOwner: { } from })
            return;
        fileLock.Remove();
        HandOver(SidecarPath.Sessions(writer.Target), from, to);
        HandOver(SidecarPath.History(writer.Target), from, to);
        HandOverAudit(SidecarPath.Audit(writer.Target), from, to);
    }

    private static void HandOverAudit(string path, FileOwner from, FileOwner to)
    {
        try
        {
            using var auditLock = FileLock.Acquire(path, AuditTimeout, CancellationToken.None, from);
            auditLock.Remove();
            HandOver(path, from, to);
            foreach (var number in Enumerable.Range(0, MaxNumbered + 1))
                HandOver(SidecarPath.Numbered(path, number), from, to);
        }
        catch (Exception e) when (e is StorageException || StorageException.IsOfSystem(e))
        {
            // The user file has been changed. The next use of the audit file reports what is wrong with it.
        }
    }

    private static void HandOver(string path, FileOwner from, FileOwner to)
    {
        try
        {
            using var file = SidecarFile.Open(path, SidecarAccess.Read, from);
            if (file is null || FileStatus.Of(file, path) is not { } status || status.User == to.User)
                return;
            var content = FileContent.Read(file, status.Size);
            _ = new AtomicFile().Replace(path, content, status, to, () => SidecarFile.IsAt(file, path));
        }
        catch (Exception e) when (e is StorageException || StorageException.IsOfSystem(e))
        {
            // The next use of the file reports what is wrong with it.
        }
    }
}
