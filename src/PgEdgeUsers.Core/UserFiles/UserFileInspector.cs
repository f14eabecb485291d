using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds the problems of a user file, and changes nothing.</summary>
public static class UserFileInspector
{
    /// <summary>
    /// Returns the findings: first those about the file, then by line. A missing or unreadable file is a finding.
    /// </summary>
    public static IReadOnlyList<Finding> Inspect(UserFileLocation location)
    {
        return Inspect(location, RunningServer.All(), DefaultOfServer());
    }

    /// <inheritdoc cref="Inspect(UserFileLocation)"/>
    /// <param name="location">The user file.</param>
    /// <param name="servers">The servers running on this machine.</param>
    /// <param name="serverFile">The file that a server on this machine uses by default; null if unknown.</param>
    internal static IReadOnlyList<Finding> Inspect(
        UserFileLocation location, IReadOnlyList<RunningServer> servers, string? serverFile)
    {
        var file = new UserFile(location.Path);
        try
        {
            return file.Guard(() =>
            {
                var target = file.Target();
                return Inspect(location, target, status => ServerAccess.Of(servers, target, status, serverFile));
            });
        }
        catch (PgEdgeUsersException failure)
        {
            return
            [
                new Finding(
                    FindingKind.FileUnreadable,
                    FindingSeverity.Error,
                    failure.Message,
                    "Make the file readable for this account, or specify another file."),
            ];
        }
    }

    /// <summary>The file that a server on this machine uses by default; null if unknown.</summary>
    internal static string? DefaultOfServer()
    {
        try
        {
            return new ServerInstallation().FindUserFile()?.Path;
        }
        catch (PgEdgeUsersException)
        {
            // This account may not read the server's configuration.
            return null;
        }
    }

    private static IReadOnlyList<Finding> Inspect(
        UserFileLocation location, string target, Func<FileStatus, IEnumerable<Finding>> ofServers)
    {
        var snapshot = StableReader.ReadAny(target);
        if (snapshot.Status is not { } status)
        {
            return
            [
                new Finding(
                    FindingKind.FileMissing,
                    FindingSeverity.Error,
                    $"There is no user file '{location.Path}' ({location.Reason}).",
                    "Create it with its first user, or specify another file."),
            ];
        }

        IEnumerable<Finding> ofText;
        var isReadable = true;
        try
        {
            ofText = AccountFindings.Of(UserDocument.ParseWithNullEntries(DocumentText.Decode(snapshot.Bytes)));
        }
        catch (DocumentException refusal)
        {
            isReadable = false;
            ofText = [OfRefusal(refusal)];
        }

        return [.. FileFindings.Of(location, target, status, isReadable), .. ofServers(status), .. ofText];
    }

    private static Finding OfRefusal(DocumentException refusal) => new(
        FindingKind.ContentRefused,
        FindingSeverity.Error,
        $"Nothing in the file can be used: {refusal.Message}.",
        refusal.Remedy)
    {
        Line = refusal.Line,
    };
}
