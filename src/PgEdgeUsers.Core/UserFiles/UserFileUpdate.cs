using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>What became of changes to a user file.</summary>
/// <param name="Results">
/// A result for each change, in order; where a failure kept all from being made, the failures alone.
/// </param>
/// <param name="IsVerified">
/// False when the changes may have been overwritten: a server kept writing older states over them, or that could not be
/// told.
/// </param>
public sealed record UserFileUpdate(IReadOnlyList<UserChangeResult> Results, bool IsVerified)
{
    /// <summary>The file whose lock was held.</summary>
    public required string LockPath { get; init; }

    /// <summary>How many bytes the file has now; null where nothing was written, because nothing differed.</summary>
    public int? BytesWritten { get; init; }

    /// <summary>What the new file's access differs in from the old one's; nothing where it does not.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; init; } = [];

    /// <summary>
    /// What other programs have changed since this program's last change; nothing if no history is kept.
    /// </summary>
    public IReadOnlyList<ExternalChange> ExternalChanges { get; init; } = [];
}

/// <summary>How the access to a file was changed by replacing it.</summary>
public enum AccessChangeKind
{
    /// <summary>The file was given to the account that the running server reads it with.</summary>
    Given,

    /// <summary>The mode was made 0600: others can no longer read the file.</summary>
    Tightened,

    /// <summary>
    /// Part of the access list, a label or an attribute could not be kept, or was left out because it was too broad.
    /// </summary>
    Lost,
}

/// <summary>A change of a file's access that an administrator should know about.</summary>
/// <param name="Kind">What was changed.</param>
/// <param name="Subject">The account that the file was given to, those that lose access, or what was lost.</param>
/// <param name="Message">The change as a sentence.</param>
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
        $"The mode of the user file '{path}' was {mode} and is 0600 now, because it holds password hashes. "
            + $"No longer able to use it: {InWords(readers)}. "
            + "If a server reads it with one of these accounts, give the file to that account.");

    internal static AccessChange Lost(string path, string what) => new(
        AccessChangeKind.Lost, what, $"The user file '{path}' was replaced, and the new file is without {what}.");

    private static string InWords(IReadOnlyList<string> readers) =>
        readers.Count > 0 ? string.Join(", ", readers) : "its group and other accounts";
}
