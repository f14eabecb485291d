using PgEdgeUsers.Core.Review;

namespace PgEdgeUsers;

/// <summary>A bar chart of an access review: numbers of users, of which some are disabled.</summary>
/// <param name="Title">The title.</param>
/// <param name="Bars">The bars.</param>
internal sealed record ReviewChart(string Title, IReadOnlyList<ReviewBar> Bars)
{
    private static readonly (string Label, int Days)[] Ages =
    [
        ("up to 30 days", 30),
        ("31 to 90 days", 90),
        ("91 to 180 days", 180),
        ("181 days to a year", 365),
        ("over a year", int.MaxValue),
    ];

    /// <summary>The charts of a review.</summary>
    public static IEnumerable<ReviewChart> Of(AccessReview review) =>
    [
        new(
            "Status",
            [
                Bar("enabled", review.Users.Where(user => user.Account.Enabled)),
                Bar("disabled", review.Users.Where(user => !user.Account.Enabled)),
            ]),
        ByAge("Last sign-in", "never", review, user => user.Account.LastLogin),
        ByAge("Password age", "unknown", review, user => user.PasswordLastSet),
    ];

    private static ReviewChart ByAge(
        string title, string labelForNull, AccessReview review, Func<ReviewedUser, DateTime?> timeOf)
    {
        var groups = review.Users.ToLookup(
            user => timeOf(user) is { } time
                ? Ages.First(age => (review.Criteria.Time - time).TotalDays < (long)age.Days + 1).Label
                : labelForNull,
            StringComparer.Ordinal);
        var labels = Ages.Select(age => age.Label).Append(labelForNull);
        return new ReviewChart(title, [.. labels.Select(label => Bar(label, groups[label]))]);
    }

    private static ReviewBar Bar(string label, IEnumerable<ReviewedUser> users)
    {
        var enabled = users.Count(user => user.Account.Enabled);
        return new ReviewBar(label, enabled, users.Count() - enabled);
    }
}

/// <summary>A bar of a chart.</summary>
/// <param name="Label">The label.</param>
/// <param name="Enabled">The number of users that may sign in.</param>
/// <param name="Disabled">The number of users that may not.</param>
internal sealed record ReviewBar(string Label, int Enabled, int Disabled);
