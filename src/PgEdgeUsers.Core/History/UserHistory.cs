using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>The history of a user file: the earlier states of its users.</summary>
public sealed class UserHistory
{
    /// <summary>The environment variable that turns off the history if its value is <c>off</c>.</summary>
    public const string Variable = "PGEDGE_AUTH_HISTORY_FILE";

    private readonly List<HistoryRecord> _records = [];
    private readonly Dictionary<PasswordFingerprint, DateTime?> _passwordTimes = [];

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<HistoryRecord> Records => _records;

    /// <summary>Whether the environment turns off the history.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the variable has a value other than <c>off</c>.
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
            $"The environment variable {Variable} is '{VisibleText.BeginningOf(value)}', but the only valid value is "
                + "'off': the history file is always next to the user file. Set the variable to 'off' or remove it.");
    }

    /// <summary>Reads the history of a user file. If it does not exist, the history is empty.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.HistoryFailed"/>: the file exists but cannot be read, or could have been planted.
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
    /// Gets the records of some users, oldest first, including those from before they were renamed.
    /// </summary>
    /// <param name="includes">Whether a name belongs to one of the users.</param>
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
    /// The time (UTC) at which this program set the current password hash of an account; null if another program set it
    /// or the time was not recorded.
    /// </summary>
    public DateTime? PasswordLastSet(UserAccount account)
    {
        return account.PasswordHash.Length > 0
            && _passwordTimes.TryGetValue(PasswordFingerprint.Of(account.PasswordHash), out var time) ? time : null;
    }

    /// <summary>
    /// The time (UTC) from which the records are complete, if older records were dropped; otherwise null.
    /// </summary>
    public DateTime? Since { get; internal set; }

    /// <summary>The size of the records and of the fingerprint lines that follow them, in bytes.</summary>
    internal long RecordBytes { get; set; }

    /// <summary>The accounts as this program last wrote them.</summary>
    internal KnownAccounts Known { get; } = new();

    internal IReadOnlyDictionary<PasswordFingerprint, DateTime?> PasswordTimes => _passwordTimes;

    /// <summary>Adds the time at which a password was set; null if it was copied and its time is unknown.</summary>
    internal void Add(PasswordFingerprint password, DateTime? time) => _passwordTimes.TryAdd(password, time);

    internal void Add(HistoryRecord record)
    {
        _records.Add(record);
        Known.Announce(record);
        // A restored hash keeps its original time, which is in an older record or unknown.
        if (record is { Event: not HistoryEvent.Restored, After: { PasswordHash.Length: > 0 } after }
            && after.PasswordHash != record.Before?.PasswordHash)
        {
            var isNew = record.Event == HistoryEvent.Added;
            Add(PasswordFingerprint.Of(after.PasswordHash), isNew ? after.CreatedAt ?? record.Time : record.Time);
        }
    }
}
