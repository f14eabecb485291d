using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The result of changes to a user file.</summary>
/// <param name="Results">
/// A result for each change, in order; if a failure prevented all changes, only the failures.
/// </param>
/// <param name="IsVerified">
/// False if the changes may have been overwritten: a server kept overwriting them with older states, or the
/// verification failed.
/// </param>
public sealed record UserFileUpdate(IReadOnlyList<UserChangeResult> Results, bool IsVerified)
{
    /// <summary>The lock file.</summary>
    public required string LockPath { get; init; }

    /// <summary>The new size of the file in bytes; null if nothing was written because nothing changed.</summary>
    public int? BytesWritten { get; init; }

    /// <summary>How the access to the new file differs from that to the old one; empty if it does not.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; init; } = [];

    /// <summary>
    /// What other programs have changed since this program's last change; empty if no history is kept.
    /// </summary>
    public IReadOnlyList<ExternalChange> ExternalChanges { get; init; } = [];
}

/// <summary>How replacing a file changed the access to it.</summary>
public enum AccessChangeKind
{
    /// <summary>The file was given to the account of the running server.</summary>
    Given,

    /// <summary>The mode was changed to 0600: others can no longer read the file.</summary>
    Tightened,

    /// <summary>
    /// Part of the access list, a label or an attribute could not be kept, or was left out because it was too broad.
    /// </summary>
    Lost,
}

/// <summary>A change of a file's access that an administrator should know about.</summary>
/// <param name="Kind">What was changed.</param>
/// <param name="Subject">
/// The account that was given the file, the accounts that lose access, or the attributes that were lost.
/// </param>
/// <param name="Message">The change as a complete sentence.</param>
public sealed record AccessChange(AccessChangeKind Kind, string Subject, string Message)
{
    internal static AccessChange Given(string path, FileOwner account) => new(
        AccessChangeKind.Given,
        account.Name,
        $"The user file '{path}' now belongs to {account.Name}, the account of the running server, and has mode 0600; "
            + "the server could read it only through its group, other accounts' rights or an access list.");

    internal static AccessChange Tightened(string path, string mode, IReadOnlyList<string> readers) => new(
        AccessChangeKind.Tightened,
        string.Join(", ", readers),
        $"The mode of the user file '{path}' was {mode} and is now 0600, because it contains password hashes. "
            + $"These can no longer use it: {Describe(readers)}. "
            + "If a server reads it with one of these accounts, give the file to that account.");

    internal static AccessChange Lost(string path, string what) => new(
        AccessChangeKind.Lost, what, $"The user file '{path}' was replaced, and the new file lacks {what}.");

    private static string Describe(IReadOnlyList<string> readers) =>
        readers.Count > 0 ? string.Join(", ", readers) : "its group and other accounts";
}
