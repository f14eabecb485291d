using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Decides the owner of a user file after a write. Its mode becomes 0600, which must not lock out the account of a
/// running server that can read the file only through its group, the rights of others or an access list.
/// </summary>
/// <param name="Owner">The owner of the new file; null for this process's account.</param>
/// <param name="Changes">The changes that an administrator should know about.</param>
internal sealed record FileAccessPlan(FileOwner? Owner, IReadOnlyList<AccessChange> Changes)
{
    /// <summary>The owner of an existing or new file.</summary>
    /// <remarks>
    /// A file that root creates belongs to the account that will read it: that of the running server, else the owner of
    /// the folder. A server that runs as root is ignored, because it can read any file.
    /// </remarks>
    public static FileOwner? OwnerOf(string target, FileStatus? status)
    {
        if (status is not null)
            return status.Owner;
        if (!OperatingSystem.IsLinux() || !FileSystem.Current.IsPrivileged)
            return null;
        var accounts = RunningServer.All()
            .Where(server => server is { IsVerified: true, Account.User: not 0 })
            .Where(server => ServerAccess.ClosedFolder(server, target) is null)
            .Select(server => server.Account)
            .Distinct()
            .ToArray();
        return accounts is [var account] ? account : FileStatus.Of(Path.GetDirectoryName(target)!)?.Owner;
    }

    /// <summary>The plan for writing a file.</summary>
    /// <param name="path">The path of the user file as it was given.</param>
    /// <param name="target">The file after following symbolic links.</param>
    /// <param name="status">Its status; null for a new file.</param>
    /// <exception cref="PgEdgeUsersException">
    /// The running server would be locked out, and this process cannot prevent it.
    /// </exception>
    public static FileAccessPlan For(string path, string target, FileStatus? status)
    {
        if (status is not { IsPermissive: true } || !OperatingSystem.IsLinux())
            return new FileAccessPlan(OwnerOf(target, status), []);
        var list = AccessList.Of(target, status);
        var lockedOut = RunningServer.All()
            .Where(server => server.Account.User != 0 && server.Account.User != status.User)
            .Where(server => list.Allows(server.Account.User, server.Groups, AccessList.MayRead))
            .Where(server => ServerAccess.ClosedFolder(server, target) is null)
            .Where(server => !ServerUserFile.IsAnother(server, target, status))
            .ToArray();
        if (lockedOut.Length == 0)
            return new FileAccessPlan(status.Owner, [AccessChange.Tightened(path, status.ModeText, list.OtherReaders)]);
        return FileSystem.Current.IsPrivileged && AccountToOwn(lockedOut) is { } account
            ? new FileAccessPlan(account, [AccessChange.Given(path, account)])
            : throw LocksOut(path, target, status, lockedOut);
    }

    /// <summary>
    /// The account that all servers run as; null if they differ, or if a process may only pretend to be a server.
    /// </summary>
    private static FileOwner? AccountToOwn(RunningServer[] servers) =>
        Array.TrueForAll(servers, server => server.IsVerified && server.Account.User == servers[0].Account.User)
            ? servers[0].Account
            : null;

    private static PgEdgeUsersException LocksOut(string path, string target, FileStatus status, RunningServer[] servers)
    {
        var server = Array.Find(servers, server => !server.IsVerified) ?? servers[0];
        var account = server.Account.Name;
        var doubt = server.IsVerified
            ? ""
            : " Check first that this is the server: its program does not belong to root.";
        return new PgEdgeUsersException(
            FailureKind.UserFileAccessDenied,
            $"The user file '{path}' was not changed. Its mode is {status.ModeText}; a change makes it 0600, and the "
                + $"server that runs as {account} (process {server.ProcessId}) could then no longer read it. As an "
                + $"administrator, give the file to that account, then try again: chown {account} '{target}'.{doubt}");
    }
}
