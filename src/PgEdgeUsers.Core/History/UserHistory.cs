using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>What is known about earlier states of the users of a user file.</summary>
public sealed class UserHistory
{
    /// <summary>The environment variable that turns the history off with the value <c>off</c>.</summary>
    public const string Variable = "PGEDGE_AUTH_HISTORY_FILE";

    private readonly List<HistoryRecord> _records = [];
    private readonly Dictionary<PasswordFingerprint, DateTime?> _passwordTimes = [];

    /// <summary>The records, the oldest first.</summary>
    public IReadOnlyList<HistoryRecord> Records => _records;

    /// <summary>Whether the environment turns the history off.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the variable has another value than <c>off</c>.
    /// </exception>
    public static bool IsTurnedOff()
    {
        var value = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(value))
            return false;
        if (string.Equals(value, "off", StringComparison.OrdinalIgnoreCase))
            return true;
        throw new PgEdgeUsersException(
            FailureKind.InvalidConfiguration,
            $"The environment variable {Variable} is '{VisibleText.BeginningOf(value)}', but it can only be 'off': the "
                + "history is always next to the user file. Set it to 'off', or remove it.");
    }

    /// <summary>Reads the history of a user file; one that does not exist reads as empty.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.HistoryFailed"/>: the file is there and cannot be read, or could have been planted.
    /// </exception>
    public static UserHistory Read(UserFile file)
    {
        var target = file.Guard(file.Target);
        return HistoryFile.Guard(
            SidecarPath.History(target),
            "cannot be read",
            () => HistoryFile.Read(SidecarPath.History(target), FileStatus.OfLink(target)?.Owner));
    }

    /// <summary>
    /// The records of some users, the oldest first: also those under the names that they had before they were renamed.
    /// </summary>
    /// <param name="includes">Whether a name is that of one of the users.</param>
    public IReadOnlyList<HistoryRecord> RecordsOf(Func<string, bool> includes)
    {
        var earlierNames = new HashSet<string>(StringComparer.Ordinal);
        var records = new List<HistoryRecord>();
        foreach (var record in Enumerable.Reverse(_records).Where(record => record.Usernames.Any(IsWanted)))
        {
            records.Add(record);
            if (record.Before is null)
                earlierNames.Remove(record.Username);
            else if (IsWanted(record.Username))
                earlierNames.Add(record.Before.Name);
        }

        records.Reverse();
        return records;

        bool IsWanted(string name) => includes(name) || earlierNames.Contains(name);
    }

    /// <summary>
    /// When this program set the password hash that an account has now, in UTC; null if another program set it, or if
    /// it was not recorded.
    /// </summary>
    public DateTime? PasswordLastSet(UserAccount account)
    {
        return account.PasswordHash.Length > 0
            && _passwordTimes.TryGetValue(PasswordFingerprint.Of(account.PasswordHash), out var time) ? time : null;
    }

    /// <summary>
    /// The time from which the records are complete, in UTC: older ones were dropped. Null if none were.
    /// </summary>
    public DateTime? Since { get; internal set; }

    /// <summary>The size of the records and of the notes of what was written after each, in bytes.</summary>
    internal long RecordBytes { get; set; }

    /// <summary>The accounts as this program last wrote them.</summary>
    internal KnownAccounts Known { get; } = new();

    internal IReadOnlyDictionary<PasswordFingerprint, DateTime?> PasswordTimes => _passwordTimes;

    /// <summary>Notes when a password was set; null for one that was copied and whose time is not known.</summary>
    internal void Add(PasswordFingerprint password, DateTime? time) => _passwordTimes.TryAdd(password, time);

    internal void Add(HistoryRecord record)
    {
        _records.Add(record);
        Known.Announce(record);
        // A restored hash is as old as it was, which an older record tells, or else nothing.
        if (record is { Event: not HistoryEvent.Restored, After: { PasswordHash.Length: > 0 } after }
            && after.PasswordHash != record.Before?.PasswordHash)
        {
            var isNew = record.Event == HistoryEvent.Added;
            Add(PasswordFingerprint.Of(after.PasswordHash), isNew ? after.CreatedAt ?? record.Time : record.Time);
        }
    }
}
