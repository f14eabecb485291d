using System.Globalization;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Says of the user file what its text or the system has against its use.</summary>
internal static class UserFileErrors
{
    private const string Unchanged = "The file was not changed.";

    /// <summary>Runs something on a user file.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return StorageException.Guard(path, action);
        }
        catch (DocumentException e)
        {
            var line = e.Line.ToString(CultureInfo.InvariantCulture);
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid,
                $"The user file '{path}' cannot be used: line {line}: {e.Message}. {e.Remedy} {Unchanged}");
        }
        catch (StorageException e)
        {
            throw Of(path, e);
        }
    }

    /// <summary>Refuses what is no regular file. Nothing at all is none of its business.</summary>
    public static void RequireRegular(string path, FileStatus? status)
    {
        if (status is { Kind: not FileKind.Regular })
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUserFilePath, $"'{path}' is a {status.KindText}, not a file. Name the user file itself.");
        }
    }

    private static PgEdgeUsersException Of(string path, StorageException e) => e.Failure switch
    {
        StorageFailure.AccessDenied or StorageFailure.ReadOnly => New(
            FailureKind.UserFileAccessDenied, $"Access to the user file '{path}' or its folder is denied: {e.Reason}.", e),
        StorageFailure.Untrusted => New(FailureKind.UserFileAccessDenied, $"The user file '{path}' cannot be used: {e.Reason}.", e),
        StorageFailure.NotFound => New(FailureKind.UserFileNotFound, $"The user file '{path}' could not be used: {e.Reason}.", e),
        StorageFailure.InvalidPath => New(FailureKind.InvalidUserFilePath, $"'{path}' cannot be the user file: {e.Reason}.", e),
        StorageFailure.Locked => New(FailureKind.UserFileLocked, $"The user file '{path}' could not be changed: {e.Reason}.", e),
        StorageFailure.InUse => New(FailureKind.UserFileLocked, $"The user file '{path}' is open in another process: {e.Reason}.", e),
        StorageFailure.NotSynced or StorageFailure.NotRestored => new PgEdgeUsersException(
            FailureKind.UserFileWriteFailed, $"The user file '{path}': {e.Reason}. {e.Remedy}", e),
        _ => New(FailureKind.UserFileWriteFailed, $"The user file '{path}' could not be used: {e.Reason}.", e),
    };

    private static PgEdgeUsersException New(FailureKind kind, string message, StorageException cause) =>
        new(kind, $"{message} {Unchanged} {cause.Remedy}", cause);
}
