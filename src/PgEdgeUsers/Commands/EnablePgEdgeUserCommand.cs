using System.Management.Automation;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Lets users sign in again.</summary>
[Cmdlet(VerbsLifecycle.Enable, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class EnablePgEdgeUserCommand : PassThruUserCommand
{
    private protected override string Action => "Enable";

    // An account that was locked starts to count anew; else the next slip would lock it again.
    private protected override UserChange Preview(string username) =>
        new UpdateUser(username, account => account with { Enabled = true, FailedAttempts = 0 });

    private protected override PendingChange Change(string username) => new(username, null, _ => Preview(username));

    // Where another tool disabled the account, its sessions are still listed; enabling it must not revive them.
    private protected override void Prepare(OpenUserFile file)
    {
        var names = file.Changes.Select(change => change.Username).ToHashSet(StringComparer.Ordinal);
        EndSessions(file.Path, session => names.Contains(session.Username) && !SessionStore.Counts(session, file.Snapshot));
    }
}
