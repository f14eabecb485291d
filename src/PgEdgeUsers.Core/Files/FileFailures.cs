namespace PgEdgeUsers.Core.Files;

/// <summary>Turns what the operating system says of a file into a failure that says what to do.</summary>
internal static class FileFailures
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int ReadOnlyFileSystem = 30;

    /// <summary>Runs something on a file.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, path);
        }
    }

    private static PgEdgeUsersException Explain(Exception error, string path)
    {
        var because = error.Message.TrimEnd('.');
        return error is UnauthorizedAccessException || error.HResult is NotPermitted or AccessDenied or ReadOnlyFileSystem
            ? new PgEdgeUsersException(
                FailureKind.UserFileAccessDenied,
                $"Access to '{path}' or its folder is denied: {because}. The file is as it was. Run as its owner or as an administrator.",
                error)
            : new PgEdgeUsersException(
                FailureKind.UserFileWriteFailed, $"'{path}' could not be used: {because}. The file is as it was.", error);
    }
}
