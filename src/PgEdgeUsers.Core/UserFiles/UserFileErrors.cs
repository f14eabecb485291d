using System.Globalization;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Converts errors of the text or the system to failures about the user file.</summary>
internal static class UserFileErrors
{
    private const string Unchanged = "The file was not changed.";

    /// <summary>Runs an action on a user file and converts its errors.</summary>
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
                $"The user file '{path}' cannot be used: line {line}: {e.Message}. {e.Remedy} {Unchanged}")
            {
                IsRepairable = e.IsRepairable,
            };
        }
        catch (StorageException e)
        {
            throw Of(path, e);
        }
    }

    /// <summary>Rejects anything other than a regular file. A missing file is accepted.</summary>
    public static void RequireRegular(string path, FileStatus? status)
    {
        if (status is { Kind: not FileKind.Regular })
        {
            throw new PgEdgeUsersException(
                FailureKind.InvalidUserFilePath,
                $"'{path}' is a {status.KindText}, not a file. Specify the user file itself.");
        }
    }

    private static PgEdgeUsersException Of(string path, StorageException e)
    {
        var (kind, what) = e.Failure switch
        {
            StorageFailure.AccessDenied or StorageFailure.ReadOnly =>
                (FailureKind.UserFileAccessDenied, $"Access to the user file '{path}' or its folder is denied"),
            StorageFailure.Untrusted => (FailureKind.UserFileAccessDenied, $"The user file '{path}' cannot be used"),
            StorageFailure.NotFound => (FailureKind.UserFileNotFound, $"The user file '{path}' could not be used"),
            StorageFailure.InvalidPath => (FailureKind.InvalidUserFilePath, $"'{path}' cannot be the user file"),
            StorageFailure.Locked => (FailureKind.UserFileLocked, $"The user file '{path}' could not be changed"),
            StorageFailure.InUse => (FailureKind.UserFileLocked, $"The user file '{path}' is open in another process"),
            StorageFailure.NotSynced =>
                (FailureKind.UserFileWriteFailed, $"The change to the user file '{path}' may be lost"),
            _ => (FailureKind.UserFileWriteFailed, $"The user file '{path}' could not be written"),
        };
        var state = e.Failure is StorageFailure.NotSynced or StorageFailure.NotRestored ? "" : Unchanged + " ";
        return new PgEdgeUsersException(kind, $"{what}: {e.Reason}. {state}{e.Remedy}", e);
    }
}
