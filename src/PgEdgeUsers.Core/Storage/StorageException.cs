namespace PgEdgeUsers.Core.Storage;

/// <summary>The kinds of failures of file operations.</summary>
internal enum StorageFailure
{
    NotFound,
    AccessDenied,
    ReadOnly,
    Full,

    /// <summary>Another process has it open and does not share it.</summary>
    InUse,

    /// <summary>The lock is held by another process.</summary>
    Locked,
    NoLocks,
    InvalidPath,

    /// <summary>The file or link could have been planted by another account.</summary>
    Untrusted,

    /// <summary>The file was replaced, but the replacement may not survive a power failure.</summary>
    NotSynced,

    /// <summary>The file was written in place, and could be neither written nor restored.</summary>
    NotRestored,
    Other,
}

/// <summary>
/// A file operation failed. The caller composes the message and names the file in it: the reason is part of a sentence,
/// the remedy consists of whole sentences.
/// </summary>
internal sealed class StorageException(
    StorageFailure failure, string path, string reason, string remedy, Exception? cause = null)
    : Exception(reason, cause)
{
    /// <summary>The kind of failure.</summary>
    public StorageFailure Failure => failure;

    /// <summary>The affected file, which may be a sidecar file or a link.</summary>
    public string Path => path;

    /// <summary>The reason, without a period at the end.</summary>
    public string Reason => Message;

    /// <summary>What to do about it.</summary>
    public string Remedy => remedy;

    /// <summary>Runs a file operation and converts system errors to <see cref="StorageException"/>.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsOfSystem(e))
        {
            throw From(e, path);
        }
    }

    /// <summary>Whether an exception is a system error about a file.</summary>
    public static bool IsOfSystem(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>Converts a system error.</summary>
    public static StorageException From(Exception error, string path)
    {
        var failure = error switch
        {
            UnauthorizedAccessException => StorageFailure.AccessDenied,
            FileNotFoundException or DirectoryNotFoundException => StorageFailure.NotFound,
            _ => FileSystem.Current.Classify(error.HResult),
        };
        return new StorageException(failure, path, error.Message.TrimEnd('.'), RemedyOf(failure), error);
    }

    private static string RemedyOf(StorageFailure failure) => failure switch
    {
        StorageFailure.AccessDenied =>
            "Run as its owner, with the right to write to its folder, or as an administrator.",
        StorageFailure.NotFound => "Create its folder first, or choose another file.",
        StorageFailure.ReadOnly => "The file system is mounted read-only; change the file where it can be written.",
        StorageFailure.Full => "Free some disk space, then try again.",
        StorageFailure.InUse => "Another process has the file open; close it there, then try again.",
        StorageFailure.NoLocks => "Its file system must support locks; move the file to one that does.",
        StorageFailure.InvalidPath => "Choose another path.",
        _ => "Fix the cause, then try again.",
    };
}
