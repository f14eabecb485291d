using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// The history of a user file: the earlier states of its users. Its lines are parsed only as far as they are needed.
/// </summary>
public sealed class UserHistory
{
    /// <summary>The environment variable that turns off the history if its value is <c>off</c>.</summary>
    public const string Variable = "PGEDGE_AUTH_HISTORY_FILE";

    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _lines;
    private IReadOnlyList<HistoryRecord>? _records;
    private Dictionary<PasswordFingerprint, DateTime?>? _passwordTimes;
    private KnownAccounts? _known;

    /// <summary>Creates a history from the lines of its file.</summary>
    internal UserHistory(IReadOnlyList<ReadOnlyMemory<byte>> lines) => _lines = lines;

    /// <summary>The history of a user file that has none.</summary>
    public static UserHistory Empty { get; } = new([]);

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<HistoryRecord> Records => _records ??= [.. ReadRecords()];

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
        foreach (var record in Enumerable.Reverse(Records).Where(record => record.Usernames.Any(IsWanted)))
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
    public DateTime? PasswordLastSet(UserAccount account) =>
        PasswordTimes.Count > 0 && account.PasswordHash.Length > 0
            && PasswordTimes.TryGetValue(PasswordFingerprint.Of(account.PasswordHash), out var time) ? time : null;

    /// <summary>
    /// The time (UTC) from which the records are complete, if older records were dropped; otherwise null.
    /// </summary>
    public DateTime? Since =>
        LinesOf(HistoryLineKind.Since).Select(HistoryLine.SinceOf).LastOrDefault(time => time is not null);

    /// <summary>The time (UTC) of the oldest record; null if there are no records.</summary>
    internal DateTime? OldestTime => ReadRecords().FirstOrDefault()?.Time;

    /// <summary>The size of the records and of the fingerprint lines that follow them, in bytes.</summary>
    internal long RecordBytes =>
        LinesOf(HistoryLineKind.Record).Concat(LinesOf(HistoryLineKind.Written)).Sum(line => (long)line.Length);

    /// <summary>
    /// The SHA-256 of the user file as this program last wrote it; null if it is unknown. If it still matches the file,
    /// the accounts are unchanged.
    /// </summary>
    internal string? FileDigest
    {
        get
        {
            var last = _lines.LastOrDefault(
                line => HistoryLine.KindOf(line) is not (HistoryLineKind.Password or HistoryLineKind.Since));
            return HistoryLine.KindOf(last) == HistoryLineKind.Written ? HistoryLine.WrittenOf(last)?.FileDigest : null;
        }
    }

    /// <summary>The accounts as this program last wrote them.</summary>
    internal KnownAccounts Known => _known ??= KnownAccounts.Read(_lines);

    /// <summary>
    /// The times (UTC) at which passwords were set; null if a password was copied and its time is unknown.
    /// </summary>
    internal IReadOnlyDictionary<PasswordFingerprint, DateTime?> PasswordTimes =>
        _passwordTimes ??= ReadPasswordTimes();

    private IEnumerable<ReadOnlyMemory<byte>> LinesOf(HistoryLineKind kind) =>
        _lines.Where(line => HistoryLine.KindOf(line) == kind);

    private IEnumerable<HistoryRecord> ReadRecords() =>
        LinesOf(HistoryLineKind.Record).Select(HistoryLine.RecordOf).OfType<HistoryRecord>();

    private Dictionary<PasswordFingerprint, DateTime?> ReadPasswordTimes()
    {
        var times = new Dictionary<PasswordFingerprint, DateTime?>();
        foreach (var line in _lines)
        {
            var time = HistoryLine.KindOf(line) switch
            {
                HistoryLineKind.Password => HistoryLine.PasswordOf(line),
                HistoryLineKind.Record when !HistoryLine.KeepsPassword(line) => TimeOf(HistoryLine.RecordOf(line)),
                _ => null,
            };
            if (time is not null)
                times.TryAdd(time.Password, time.Time);
        }

        return times;
    }

    private static PasswordTime? TimeOf(HistoryRecord? record)
    {
        // A restored hash keeps its original time, which is in an older record or unknown.
        if (record is not { Event: not HistoryEvent.Restored, After: { PasswordHash.Length: > 0 } after })
            return null;
        var isNew = record.Event == HistoryEvent.Added;
        return new PasswordTime(
            PasswordFingerprint.Of(after.PasswordHash), isNew ? after.CreatedAt ?? record.Time : record.Time);
    }
}
