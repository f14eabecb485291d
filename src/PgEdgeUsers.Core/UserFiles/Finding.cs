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

/// <summary>The kinds of findings. The names are the ids that the cmdlets report.</summary>
public enum FindingKind
{
    /// <summary>There is no user file.</summary>
    FileMissing,

    /// <summary>Group or others have access to the file.</summary>
    ModeTooWide,

    /// <summary>Others may replace the file, since they may write to its folder.</summary>
    FolderTooWide,

    /// <summary>The file belongs to another user than its folder.</summary>
    OwnerDiffers,

    /// <summary>What stands beside the file belongs to another user than the file.</summary>
    CompanionOwnerDiffers,

    /// <summary>The server would not notice changes of the file.</summary>
    PathNotReloaded,

    /// <summary>The text is refused.</summary>
    ContentRefused,

    /// <summary>A user has nothing in it, which crashes the server.</summary>
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

    /// <summary>Two names look alike.</summary>
    NamesLookAlike,

    /// <summary>An account was disabled after failed attempts.</summary>
    DisabledByLockout,

    /// <summary>A user has never signed in.</summary>
    NeverSignedIn,
}

/// <summary>Something about a user file that an administrator may want to know or mend.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Line">The line in the file, from 1; null when it is not about a line.</param>
/// <param name="Username">The user concerned; null when it is about the file.</param>
/// <param name="Message">What was found, as a sentence.</param>
/// <param name="Remedy">What to do, as a sentence; empty when there is nothing to do.</param>
/// <param name="CanRepair">Whether <see cref="UserFileRepair"/> mends it.</param>
public sealed record Finding(
    FindingKind Kind, FindingSeverity Severity, int? Line, string? Username, string Message, string Remedy, bool CanRepair = false);
