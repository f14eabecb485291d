using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.Review;

/// <summary>Finds what a reviewer should know about users.</summary>
/// <param name="users">All users of the file.</param>
/// <param name="inspected">The findings of the user file's inspection.</param>
/// <param name="criteria">What counts as inactive and old.</param>
internal sealed class ReviewFindings(
    IReadOnlyList<UserAccount> users, IEnumerable<Finding> inspected, ReviewCriteria criteria)
{
    private readonly ILookup<string?, Finding> _inspected = inspected.ToLookup(finding => finding.Username);
    private readonly ILookup<string, string> _namesByAppearance = users.ToLookup(
        user => NameFindings.Appearance(user.Name), user => user.Name, StringComparer.Ordinal);

    /// <summary>Returns the findings about a user, most severe first.</summary>
    /// <param name="account">The user.</param>
    /// <param name="passwordLastSet">When its password was set, in UTC; null if unknown.</param>
    public IReadOnlyList<ReviewFinding> Of(UserAccount account, DateTime? passwordLastSet) =>
    [
        .. new[] { OfUse(account), OfPassword(account, passwordLastSet), OfSimilarNames(account) }
            .Concat(_inspected[account.Name].Select(finding => OfInspection(finding, account)))
            .OfType<ReviewFinding>()
            .OrderByDescending(finding => finding.Severity),
    ];

    private ReviewFinding? OfUse(UserAccount account)
    {
        var lastUse = account.LastLogin ?? account.CreatedAt ?? DateTime.MinValue;
        var isInactive = account.Enabled && criteria.Time - lastUse >= criteria.InactiveFor;
        if (account.LastLogin is { } lastLogin)
        {
            return isInactive
                ? new(ReviewFindingKind.Inactive, Warning, $"No sign-in for {Days(criteria.Time - lastLogin)}")
                : null;
        }

        return isInactive
            ? new(ReviewFindingKind.Inactive, Warning, "Never signed in")
            : new(ReviewFindingKind.NeverSignedIn, Information, "Never signed in");
    }

    private ReviewFinding? OfPassword(UserAccount account, DateTime? passwordLastSet)
    {
        if (!PasswordHash.IsWellFormed(account.PasswordHash))
            return null;
        if (passwordLastSet is not { } time)
            return new(ReviewFindingKind.UnknownPasswordAge, Information, "Password age unknown");
        var age = criteria.Time - time;
        return age >= criteria.PasswordOlderThan
            ? new(ReviewFindingKind.OldPassword, account.Enabled ? Warning : Information, $"Password {Days(age)} old")
            : null;
    }

    private ReviewFinding? OfSimilarNames(UserAccount account)
    {
        var appearance = NameFindings.Appearance(account.Name);
        var others = _namesByAppearance[appearance].Where(name => name != account.Name).Take(3).ToArray();
        return appearance.Length == 0 || others.Length == 0
            ? null
            : new(
                ReviewFindingKind.Name,
                Warning,
                $"Looks like {string.Join(", ", others.Select(name => $"'{VisibleText.BeginningOf(name)}'"))}");
    }

    private static ReviewFinding? OfInspection(Finding finding, UserAccount account)
    {
        (ReviewFindingKind Kind, string Text)? row = finding.Kind switch
        {
            FindingKind.WeakHashCost => (ReviewFindingKind.Hash, $"Weak password hash ({CostOf(account)})"),
            FindingKind.HighHashCost => (ReviewFindingKind.Hash, $"Slow password hash ({CostOf(account)})"),
            FindingKind.MalformedHash => (ReviewFindingKind.Hash, "No usable password"),
            FindingKind.EmptyName => (ReviewFindingKind.Name, "Empty or invisible name"),
            FindingKind.HiddenCharacters => (ReviewFindingKind.Name, "Invisible characters in the name"),
            FindingKind.KeyDiffersFromUsername =>
                (ReviewFindingKind.Name, $"Displayed as '{VisibleText.BeginningOf(account.DisplayName)}'"),
            FindingKind.DisabledByLockout =>
                (ReviewFindingKind.LockedOut, $"Locked out ({account.FailedAttempts} failed sign-ins)"),
            FindingKind.MissingField => (ReviewFindingKind.Fields, "Fields are missing"),
            _ => null,
        };
        return row is { } found ? new(found.Kind, finding.Severity, found.Text) : null;
    }

    private static string CostOf(UserAccount account) => $"cost {PasswordHash.CostOf(account.PasswordHash)}";

    private static string Days(TimeSpan age) => ((int)age.TotalDays) switch
    {
        1 => "1 day",
        var days => string.Create(CultureInfo.InvariantCulture, $"{days} days"),
    };
}
