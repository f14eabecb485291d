namespace PgEdgeUsers.Core.UserFiles;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>Works, but is not as it should be.</summary>
    Warning,

    /// <summary>Keeps a user, or all, from signing in or from being managed.</summary>
    Error,
}

/// <summary>The kinds of findings. The names are the ids that an administrator sees, so they stay.</summary>
public enum FindingKind
{
    /// <summary>There is no user file.</summary>
    FileMissing,

    /// <summary>The user file cannot be read.</summary>
    FileUnreadable,

    /// <summary>Group or others have access to the file.</summary>
    ModeTooWide,

    /// <summary>Others may replace the file, since they may write to its folder.</summary>
    FolderTooWide,

    /// <summary>Others may create files in the folder, or it belongs to another account.</summary>
    FolderShared,

    /// <summary>The file belongs to another account than its folder.</summary>
    OwnerDiffers,

    /// <summary>A sidecar file belongs to another account than the file.</summary>
    SidecarOwnerDiffers,

    /// <summary>Group or others have access to a sidecar file.</summary>
    SidecarTooWide,

    /// <summary>A sidecar file is a link, has a second name, or is not a regular file.</summary>
    SidecarNotPlain,

    /// <summary>The account of the running server may not read the file.</summary>
    ServerCannotRead,

    /// <summary>The server would not notice changes of the file, because of its path.</summary>
    PathNotReloaded,

    /// <summary>The file is a mount point.</summary>
    FileIsMountPoint,

    /// <summary>The text is refused.</summary>
    ContentRefused,

    /// <summary>A user has no fields, which crashes the server.</summary>
    NullEntry,

    /// <summary>The name that is shown is not the name that counts.</summary>
    KeyDiffersFromUsername,

    /// <summary>A field is missing.</summary>
    MissingField,

    /// <summary>A hash is cheaper to guess than it should be.</summary>
    WeakHashCost,

    /// <summary>A hash takes longer to check than it should.</summary>
    HighHashCost,

    /// <summary>No password matches the hash.</summary>
    MalformedHash,

    /// <summary>A name is empty, or shows nothing.</summary>
    EmptyName,

    /// <summary>A name has characters that cannot be seen.</summary>
    HiddenCharacters,

    /// <summary>Two names look alike.</summary>
    NamesLookAlike,

    /// <summary>An account was disabled after failed attempts.</summary>
    DisabledByLockout,

    /// <summary>A user has never signed in.</summary>
    NeverSignedIn,
}

/// <summary>Something about a user file that an administrator may want to know or fix.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found, as a sentence.</param>
/// <param name="Remedy">What to do, as a sentence; empty when there is nothing to do.</param>
public sealed record Finding(FindingKind Kind, FindingSeverity Severity, string Message, string Remedy)
{
    /// <summary>The line in the file, from 1; null when it is not about a line.</summary>
    public int? Line { get; init; }

    /// <summary>The user concerned; null when it is about the file.</summary>
    public string? Username { get; init; }

    /// <summary>Whether <see cref="UserFileRepair"/> does what the remedy says.</summary>
    public bool CanRepair { get; init; }
}
