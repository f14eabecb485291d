using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>
/// The sessions of a user file, stored in a file next to it, which processes of its owner and of root can read and
/// change. A session is valid only while its account is enabled and has the same password as at sign-in, whichever
/// program changes the account.
/// </summary>
/// <param name="userFile">The user file.</param>
public sealed class SessionStore(UserFile userFile)
{
    /// <summary>
    /// The default number of sessions that a user may have at once. A further sign-in ends the oldest one.
    /// </summary>
    public const int DefaultMaxSessions = 10;

    private readonly string _path = SidecarPath.Sessions(userFile.Guard(userFile.Target));
    private readonly AtomicFile _writer = new();

    /// <summary>When a session last began or ended, in UTC; a time in the distant past if none ever has.</summary>
    public DateTime LastWritten => File.GetLastWriteTimeUtc(_path);

    /// <summary>All sessions that have begun and not expired, oldest first.</summary>
    /// <exception cref="PgEdgeUsersException">The file cannot be read.</exception>
    public IReadOnlyList<SessionRecord> Read() => Live(Stored());

    /// <summary>
    /// Begins a session. Sessions over the limit end, oldest first, so that a user who lost a token can always sign in.
    /// </summary>
    /// <param name="account">The account that signed in.</param>
    /// <param name="token">The session's token.</param>
    /// <param name="lifetime">How long it lasts.</param>
    /// <param name="maxSessions">The number of sessions that the user may have, including this one.</param>
    /// <param name="cancellation">Cancels the wait for the user file's lock.</param>
    /// <returns>The session, and those that it ended.</returns>
    public (SessionRecord Begun, IReadOnlyList<SessionRecord> Ended) Begin(
        UserAccount account,
        SecureString token,
        TimeSpan lifetime,
        int maxSessions,
        CancellationToken cancellation = default)
    {
        var now = DateTime.UtcNow;
        var session = new SessionRecord(
            SessionRecord.NewId(),
            account.Name,
            Convert.ToBase64String(SessionToken.Hash(token)),
            Stamp(account),
            now,
            now + lifetime);
        IReadOnlyList<SessionRecord> ended = [];
        Change(
            sessions =>
            {
                var own = sessions.FindAll(s => s.Username == account.Name);
                // Sessions of an older password are no longer valid, so they do not count towards the limit.
                var stale = own.FindAll(s => s.PasswordStamp != session.PasswordStamp);
                var current = own.FindAll(s => s.PasswordStamp == session.PasswordStamp);
                ended = current[..Math.Max(0, current.Count + 1 - maxSessions)];
                sessions.Add(session);
                return stale.Concat(ended);
            },
            cancellation);
        return (session, ended);
    }

    /// <summary>The session of a token, if it is valid. Takes the same time for every token.</summary>
    /// <exception cref="PgEdgeUsersException">The sessions or the users cannot be read.</exception>
    public SessionRecord? Find(SecureString token)
    {
        var hash = Convert.ToBase64String(SessionToken.Hash(token));
        SessionRecord? found = null;
        foreach (var session in Stored())
        {
            var stored = MemoryMarshal.AsBytes(session.TokenHash.AsSpan());
            if (CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(hash.AsSpan()), stored))
                found = session;
        }

        return Valid(found);
    }

    /// <summary>The session with an id, if it is valid.</summary>
    /// <exception cref="PgEdgeUsersException">The sessions or the users cannot be read.</exception>
    public SessionRecord? Find(string id) => Valid(Stored().FirstOrDefault(session => session.Id == id));

    /// <summary>Whether a session's account is enabled and has the same password as at sign-in.</summary>
    public static bool Counts(SessionRecord session, UserFileSnapshot users)
    {
        return users.Find(session.Username) is { Enabled: true } account && Stamp(account) == session.PasswordStamp;
    }

    /// <summary>Ends sessions.</summary>
    /// <returns>The sessions that ended before they expired.</returns>
    public IReadOnlyList<SessionRecord> End(Func<SessionRecord, bool> which, CancellationToken cancellation = default)
    {
        List<SessionRecord> ended = [];
        if (File.Exists(_path))
            Change(sessions => ended = sessions.FindAll(session => which(session)), cancellation);
        return ended;
    }

    /// <summary>
    /// The session, if it is live and its account is unchanged. If an unsynchronized read says that it is not valid,
    /// the user file is read again, because it may be being written.
    /// </summary>
    private SessionRecord? Valid(SessionRecord? session) =>
        session is not null && session.IsLiveAt(DateTime.UtcNow)
        && (Counts(session, userFile.ReadUnsynchronized()) || Counts(session, userFile.Read()))
            ? session
            : null;

    private IReadOnlyList<SessionRecord> Stored() =>
        Guard(() => SessionFile.Read(_path, FileStatus.OfLink(userFile.Target())?.Owner));

    /// <summary>
    /// Changes the list of live sessions under the lock of the user file, so that every account that may change the
    /// user file can also change the sessions. Expired sessions are removed as well.
    /// </summary>
    /// <param name="change">Adds sessions to the list, and returns those to remove.</param>
    /// <param name="cancellation">Cancels the wait for the lock.</param>
    private void Change(
        Func<List<SessionRecord>, IEnumerable<SessionRecord>> change, CancellationToken cancellation) => Guard(() =>
    {
        var users = userFile.Target();
        using var fileLock = userFile.Lock(users, cancellation);
        AtomicFile.RemoveLeftovers(_path);
        var owner = FileStatus.OfLink(users)?.Owner;
        var stored = SessionFile.Read(_path, owner);
        var sessions = Live(stored);
        var ended = change(sessions).ToHashSet();
        sessions.RemoveAll(ended.Contains);
        var isChanged = !sessions.SequenceEqual(stored);
        if (isChanged)
        {
            var original = FileStatus.OfLink(_path);
            _writer.Replace(_path, SessionFile.Write(sessions), original, owner, () => true);
        }

        fileLock.Keep();
        return isChanged;
    });

    private static List<SessionRecord> Live(IEnumerable<SessionRecord> sessions)
    {
        var now = DateTime.UtcNow;
        return [.. sessions.Where(session => session.IsLiveAt(now))];
    }

    private static string Stamp(UserAccount account) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash)).AsSpan(0, 16));

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return StorageException.Guard(_path, action);
        }
        catch (StorageException e)
        {
            throw new PgEdgeUsersException(
                KindOf(e.Failure),
                $"The sessions file '{_path}' could not be used: {e.Reason}. No session was changed. {e.Remedy}",
                e);
        }
    }

    private static FailureKind KindOf(StorageFailure failure) => failure switch
    {
        StorageFailure.Untrusted => FailureKind.SessionFileInvalid,
        StorageFailure.AccessDenied or StorageFailure.ReadOnly => FailureKind.UserFileAccessDenied,
        StorageFailure.NotFound => FailureKind.UserFileNotFound,
        StorageFailure.Locked or StorageFailure.InUse => FailureKind.UserFileLocked,
        StorageFailure.InvalidPath => FailureKind.InvalidUserFilePath,
        _ => FailureKind.UserFileWriteFailed,
    };
}
