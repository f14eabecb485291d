using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Review;

/// <summary>A user in an access review.</summary>
/// <param name="Account">The account.</param>
/// <param name="PasswordLastSet">When its password was set, in UTC; null if unknown.</param>
/// <param name="Findings">What the reviewer should know, most severe first.</param>
public sealed record ReviewedUser(
    UserAccount Account, DateTime? PasswordLastSet, IReadOnlyList<ReviewFinding> Findings)
{
    /// <summary>Whether there is a finding that should be acted on.</summary>
    public bool HasWarning => Findings.Any(finding => finding.Severity > FindingSeverity.Information);

    /// <summary>Whether there is a finding of a kind.</summary>
    public bool Has(ReviewFindingKind kind) => Findings.Any(finding => finding.Kind == kind);
}

/// <summary>The kinds of findings about a user in an access review.</summary>
public enum ReviewFindingKind
{
    /// <summary>The user has never signed in.</summary>
    NeverSignedIn,

    /// <summary>The user may sign in but has not for a long time, or never did since a creation long ago.</summary>
    Inactive,

    /// <summary>The password was set long ago.</summary>
    OldPassword,

    /// <summary>It is not known when the password was set.</summary>
    UnknownPasswordAge,

    /// <summary>The password hash is weak, slow or unusable.</summary>
    Hash,

    /// <summary>The name can be mistaken for another, or cannot be seen in full.</summary>
    Name,

    /// <summary>The account is locked out.</summary>
    LockedOut,

    /// <summary>The account's fields are incomplete.</summary>
    Fields,
}

/// <summary>Something about a user that a reviewer should know.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Text">The finding, in a few words.</param>
public sealed record ReviewFinding(ReviewFindingKind Kind, FindingSeverity Severity, string Text);
