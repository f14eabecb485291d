namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>It works, but should be corrected.</summary>
    Warning,

    /// <summary>It prevents signing in or managing users.</summary>
    Error,
}

/// <summary>The kinds of findings. Administrators see the names as ids, so they must not change.</summary>
public enum FindingKind
{
    /// <summary>There is no user file.</summary>
    FileMissing,

    /// <summary>The user file cannot be read.</summary>
    FileUnreadable,

    /// <summary>Group or others have access to the file.</summary>
    ModeTooWide,

    /// <summary>Others may replace the file, because they may write to its folder.</summary>
    FolderTooWide,

    /// <summary>Others may create files in the folder, or it belongs to another account.</summary>
    FolderShared,

    /// <summary>The file and its folder belong to different accounts.</summary>
    OwnerDiffers,

    /// <summary>A sidecar file and the user file belong to different accounts.</summary>
    SidecarOwnerDiffers,

    /// <summary>Group or others have access to a sidecar file.</summary>
    SidecarTooWide,

    /// <summary>A sidecar file is a link, has more than one name, or is not a regular file.</summary>
    SidecarNotPlain,

    /// <summary>The account of the running server may not read the file.</summary>
    ServerCannotRead,

    /// <summary>The server would not notice changes to the file, because of its path.</summary>
    PathNotReloaded,

    /// <summary>The file is a mount point.</summary>
    FileIsMountPoint,

    /// <summary>The text cannot be used.</summary>
    ContentRefused,

    /// <summary>A user has no fields, which crashes the server.</summary>
    NullEntry,

    /// <summary>The displayed name differs from the one used for sign-in.</summary>
    KeyDiffersFromUsername,

    /// <summary>A field is missing.</summary>
    MissingField,

    /// <summary>A hash is easier to guess than it should be.</summary>
    WeakHashCost,

    /// <summary>A hash takes longer to check than it should.</summary>
    HighHashCost,

    /// <summary>No password matches the hash.</summary>
    MalformedHash,

    /// <summary>A name is empty or invisible.</summary>
    EmptyName,

    /// <summary>A name has invisible characters.</summary>
    HiddenCharacters,

    /// <summary>Two names look alike.</summary>
    NamesLookAlike,

    /// <summary>An account was disabled after failed attempts.</summary>
    DisabledByLockout,

    /// <summary>A user has never signed in.</summary>
    NeverSignedIn,
}

/// <summary>Something about a user file that an administrator should know or fix.</summary>
/// <param name="Kind">The kind of finding.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Message">What was found, as a complete sentence.</param>
/// <param name="Remedy">What to do, as a complete sentence; empty if there is nothing to do.</param>
public sealed record Finding(FindingKind Kind, FindingSeverity Severity, string Message, string Remedy)
{
    /// <summary>The line in the file, from 1; null if the finding is not about a line.</summary>
    public int? Line { get; init; }

    /// <summary>The user; null if the finding is about the file.</summary>
    public string? Username { get; init; }

    /// <summary>Whether <see cref="UserFileRepair"/> can repair it.</summary>
    public bool CanRepair { get; init; }
}
