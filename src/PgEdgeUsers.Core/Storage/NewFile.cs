namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// A new file with mode 0600, which never replaces an existing one. Unless <see cref="Keep"/> is called, it is deleted
/// on disposal.
/// </summary>
internal sealed class NewFile : IDisposable
{
    private readonly string _path;
    private bool _isKept;

    private NewFile(string path, FileStream stream) => (_path, Stream) = (path, stream);

    /// <summary>The open file, without a buffer.</summary>
    public FileStream Stream { get; }

    /// <summary>Creates the file.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="IOException">It already exists or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created.</exception>
    public static NewFile Create(string path)
    {
        try
        {
            var handle = FileSystem.Current.CreateNew(path);
            return new NewFile(path, new FileStream(handle, FileAccess.Write, bufferSize: 0));
        }
        catch (Exception e) when (StorageException.IsOfSystem(e) && Path.Exists(path))
        {
            throw new IOException("it already exists and is never replaced", e);
        }
    }

    /// <summary>Keeps the file.</summary>
    public void Keep() => _isKept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isKept)
            SidecarFile.Discard(_path);
    }
}
