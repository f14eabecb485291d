using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Review;

/// <summary>The file of an access review.</summary>
public static class ReviewFile
{
    /// <summary>Creates the file with mode 0600. If writing it fails, it is deleted.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.ReviewFailed"/>: it already exists, or cannot be created or written.
    /// </exception>
    public static FileInfo Create(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            using var file = NewFile.Create(path);
            write(file.Stream);
            file.Stream.Flush(flushToDisk: true);
            file.Keep();
            return new FileInfo(path);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw new PgEdgeUsersException(
                FailureKind.ReviewFailed, $"Cannot write the access review to '{path}': {e.Message.TrimEnd('.')}.", e);
        }
    }
}
