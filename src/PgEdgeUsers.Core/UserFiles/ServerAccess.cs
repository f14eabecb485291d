using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Checks whether the accounts of running servers may read a user file (Linux).</summary>
internal static class ServerAccess
{
    /// <summary>Returns a finding for each server that may not read the file, unless it uses another file.</summary>
    /// <param name="servers">The running servers.</param>
    /// <param name="target">The file after following symbolic links.</param>
    /// <param name="file">Its status.</param>
    /// <param name="serverFile">The file that a server on this machine uses by default; null if unknown.</param>
    public static IEnumerable<Finding> Of(
        IEnumerable<RunningServer> servers, string target, FileStatus file, string? serverFile) =>
        UsersOf(servers, target, file, serverFile)
            .Select(server => OfFolders(server, target) ?? OfFile(server, target, file))
            .OfType<Finding>();

    /// <summary>Returns the servers that use a file, unless it is known that they use another one.</summary>
    /// <inheritdoc cref="Of"/>
    public static IEnumerable<RunningServer> UsersOf(
        IEnumerable<RunningServer> servers, string target, FileStatus file, string? serverFile) =>
        from server in servers
        where !ServerUserFile.IsAnother(server, target, file)
        where serverFile is null || FileStatus.Of(serverFile) is not { } used || file.IsSameFileAs(used)
        select server;

    /// <summary>
    /// The folder on the path of a file that a server's account may not search; null if there is none.
    /// </summary>
    public static string? ClosedFolder(RunningServer server, string target)
    {
        for (var folder = Path.GetDirectoryName(target); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (FileStatus.Of(folder) is { } status && !Allows(server, folder, status, AccessList.MaySearch))
                return folder;
        }

        return null;
    }

    private static Finding? OfFolders(RunningServer server, string target) =>
        // With its own mounts, as in a container, the server may access the file by another path.
        !HasOwnMounts(server) && ClosedFolder(server, target) is { } folder
            ? New(
                server,
                $"that account may not search the folder '{folder}'",
                "Give the account the right to search the folder, or keep the file in another.")
            : null;

    private static Finding? OfFile(RunningServer server, string target, FileStatus file) =>
        Allows(server, target, file, AccessList.MayRead)
            ? null
            : New(
                server,
                $"the file belongs to {file.Owner.Name} and its mode is {file.ModeText}",
                $"Give the file to that account: chown {server.Account.Name} '{target}'.");

    private static Finding New(RunningServer server, string why, string remedy) => new(
        FindingKind.ServerCannotRead,
        FindingSeverity.Error,
        $"The server (process {server.ProcessId}) runs as {server.Account.Name} and cannot read the file: {why}.",
        remedy);

    private static bool Allows(RunningServer server, string path, FileStatus status, int right) =>
        AccessList.Of(path, status).Allows(server.Account.User, server.Groups, right);

    private static bool HasOwnMounts(RunningServer server) =>
        Posix.ShortLink($"/proc/{server.ProcessId}/ns/mnt") is { } mounts
        && mounts != Posix.ShortLink("/proc/self/ns/mnt");
}
