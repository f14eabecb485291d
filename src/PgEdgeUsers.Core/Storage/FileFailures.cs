namespace PgEdgeUsers.Core.Storage;

/// <summary>Turns what the operating system says of a file into a failure that says what to do.</summary>
internal static class FileFailures
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NoFolder = 20;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int NameTooLong = 36;
    private const int NoLocks = 37;
    private const int Circle = 40;
    private const int NotSupported = 95;
    private const int QuotaExceeded = 122;

    private const string AsOwner = "Run as its owner, with the right to write to its folder, or as an administrator.";

    /// <summary>Runs something on a file.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsOfSystem(e))
        {
            throw Explain(e, path);
        }
    }

    /// <summary>Whether an error is the system's word on a file.</summary>
    public static bool IsOfSystem(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>What the system said, as the end of a sentence.</summary>
    public static string Because(Exception error) => error.Message.TrimEnd('.');

    private static PgEdgeUsersException Explain(Exception error, string path)
    {
        var (kind, remedy) = error switch
        {
            UnauthorizedAccessException => (FailureKind.UserFileAccessDenied, AsOwner),
            FileNotFoundException or DirectoryNotFoundException => (FailureKind.UserFileNotFound, "Make its folder first, or choose another file with -Path."),
            _ => ByNumber(error.HResult),
        };
        var what = kind == FailureKind.UserFileAccessDenied ? $"Access to '{path}' or its folder is denied" : $"'{path}' could not be used";
        return new PgEdgeUsersException(kind, $"{what}: {Because(error)}. The file is as it was. {remedy}", error);
    }

    /// <summary>By Linux's error numbers; the common ones are macOS's, too.</summary>
    private static (FailureKind Kind, string Remedy) ByNumber(int error) => error switch
    {
        NotPermitted or AccessDenied => (FailureKind.UserFileAccessDenied, AsOwner),
        ReadOnlyFileSystem => (FailureKind.UserFileAccessDenied, "The file system is mounted read-only; change the file where it can be written."),
        NoSpace or QuotaExceeded => (FailureKind.UserFileWriteFailed, "Make room in its folder, then try again."),
        NoLocks or NotSupported => (FailureKind.UserFileWriteFailed, "Its file system must support locks; keep the file on another."),
        NoFolder or NameTooLong or Circle => (FailureKind.InvalidUserFilePath, "Choose another path."),
        _ => (FailureKind.UserFileWriteFailed, "Try again when the cause is gone."),
    };
}
