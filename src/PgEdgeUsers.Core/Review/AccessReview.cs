using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Review;

/// <summary>
/// Who has access to the server: the users of a user file, and what a reviewer should know about them.
/// </summary>
public sealed class AccessReview
{
    private AccessReview(UserFileLocation location, ReviewCriteria criteria) =>
        (Location, Criteria) = (location, criteria);

    /// <summary>The user file.</summary>
    public UserFileLocation Location { get; }

    /// <summary>What the review points out.</summary>
    public ReviewCriteria Criteria { get; }

    /// <summary>The host that the user file is on.</summary>
    public string Host { get; } = Environment.MachineName;

    /// <summary>Who creates the review: <c>carla as root</c>.</summary>
    public string Reviewer { get; } = Actor.Current;

    /// <summary>The servers running on this host that use the file, each with its process id and account.</summary>
    public IReadOnlyList<string> Servers { get; private init; } = [];

    /// <summary>The users, by name.</summary>
    public IReadOnlyList<ReviewedUser> Users { get; private init; } = [];

    /// <summary>The findings about the file that should be acted on.</summary>
    public IReadOnlyList<Finding> FileFindings { get; private init; } = [];

    /// <summary>The changes since the time of the criteria, oldest first. Empty if none are recorded.</summary>
    public IReadOnlyList<AuditEvent> Changes { get; private init; } = [];

    /// <summary>The time of the oldest recorded event, in UTC; null if there is none.</summary>
    public DateTime? RecordedSince { get; private init; }

    /// <summary>Creates a review of a user file.</summary>
    /// <param name="location">The user file.</param>
    /// <param name="snapshot">Its content.</param>
    /// <param name="history">Its history.</param>
    /// <param name="audit">The audit file; null if auditing is turned off.</param>
    /// <param name="criteria">What to point out.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.AuditFailed"/>: the audit file cannot be read.
    /// </exception>
    public static AccessReview Create(
        UserFileLocation location,
        UserFileSnapshot snapshot,
        UserHistory history,
        AuditLog? audit,
        ReviewCriteria criteria)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(criteria);
        var file = new UserFile(location.Path);
        var inspected = UserFileInspector.Inspect(location);
        var findings = new ReviewFindings(snapshot.Users, inspected, criteria);
        var events = audit?.ReadOf(file) ?? [];
        return new AccessReview(location, criteria)
        {
            Servers = file.Guard(() => ServersOf(file.Target(), snapshot)),
            Users =
            [
                .. from account in snapshot.Users.OrderBy(user => user.Name, NameOrder.Comparer)
                   let time = history.PasswordLastSet(account)
                   select new ReviewedUser(account, time, findings.Of(account, time)),
            ],
            FileFindings =
            [
                .. inspected.Where(f => f.Username is null && f.Severity > FindingSeverity.Information),
            ],
            Changes = [.. events.Where(e => e.Time >= criteria.Since && IsChange(e))],
            RecordedSince = events.Count == 0 ? null : events[0].Time,
        };
    }

    private static IReadOnlyList<string> ServersOf(string target, UserFileSnapshot snapshot) =>
        snapshot.Status is not { } status ? [] :
        [
            .. ServerAccess.UsersOf(RunningServer.All(), target, status, UserFileInspector.DefaultOfServer())
                .Select(server => $"process {server.ProcessId}, running as {server.Account.Name}"),
        ];

    private static bool IsChange(AuditEvent e) =>
        e is { Success: true, Event: not (AuditEventKind.SignIn or AuditEventKind.SessionEnded) }
            or { Event: AuditEventKind.Lockout };
}
