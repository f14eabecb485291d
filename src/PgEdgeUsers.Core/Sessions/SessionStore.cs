using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Files;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>
/// The sessions of a user file, in a file beside it that any process may read and end sessions in. A session counts only while its
/// account is enabled and has the password that it was begun with, whoever changed the account.
/// </summary>
public sealed partial class SessionStore
{
    /// <summary>How many sessions a user may have at once unless said otherwise; the oldest ends for a new one.</summary>
    public const int DefaultMaxSessions = 10;

    private readonly string _path;
    private readonly AtomicFile _writer = new();

    /// <summary>The sessions of a user file.</summary>
    /// <param name="userFile">The user file.</param>
    public SessionStore(UserFile userFile)
    {
        ArgumentNullException.ThrowIfNull(userFile);
        _path = userFile.Companion(".sessions.json");
    }

    /// <summary>The sessions file.</summary>
    public string Path => _path;

    /// <summary>All sessions that have not expired, the oldest first.</summary>
    /// <exception cref="PgEdgeUsersException">The file cannot be read.</exception>
    public IReadOnlyList<SessionRecord> Read() => FileFailures.Guard(_path, () => Live(Load()));

    /// <summary>Begins a session. Sessions over the limit end, the oldest first: a user who lost a token can always sign in.</summary>
    /// <param name="account">Who signed in.</param>
    /// <param name="token">The session's token.</param>
    /// <param name="lifetime">How long it lasts.</param>
    /// <param name="maxSessions">How many sessions the user may have, this one counted.</param>
    /// <param name="cancellation">Ends the wait for the file's lock.</param>
    /// <returns>The session, and those that ended for it.</returns>
    public (SessionRecord Begun, IReadOnlyList<SessionRecord> Ended) Begin(
        UserAccount account, SecureString token, TimeSpan lifetime, int maxSessions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var now = DateTime.UtcNow;
        var session = new SessionRecord(
            RandomNumberGenerator.GetHexString(8, lowercase: true), account.Name, Convert.ToBase64String(SessionToken.Hash(token)), Stamp(account), now, now + lifetime);
        var ended = Change(
            sessions =>
            {
                var own = sessions.Where(s => s.Username == account.Name).ToArray();
                sessions.Add(session);
                return own.Take(Math.Max(0, own.Length + 1 - maxSessions));
            },
            cancellation);
        return (session, ended);
    }

    /// <summary>The session that a token belongs to, if it still counts. Takes the same time for every token of a file.</summary>
    /// <param name="token">The token.</param>
    /// <param name="users">The accounts as they are now.</param>
    public SessionRecord? Find(SecureString token, UserFileSnapshot users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var hash = Encoding.ASCII.GetBytes(Convert.ToBase64String(SessionToken.Hash(token)));
        SessionRecord? found = null;
        foreach (var session in Read())
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(session.TokenHash)))
                found = session;
        }

        return found is not null && Counts(found, users) ? found : null;
    }

    /// <summary>Whether a session's account is enabled and has the password that the session was begun with.</summary>
    public static bool Counts(SessionRecord session, UserFileSnapshot users)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(users);
        return users.Find(session.Username) is { Enabled: true } account && Stamp(account) == session.PasswordStamp;
    }

    /// <summary>Ends sessions.</summary>
    /// <returns>Those that ended.</returns>
    public IReadOnlyList<SessionRecord> End(Func<SessionRecord, bool> which, CancellationToken cancellation = default) =>
        File.Exists(_path) ? Change(sessions => sessions.Where(which).ToArray(), cancellation) : [];

    /// <summary>Changes the list of live sessions under the file's lock; expired ones go by the way.</summary>
    /// <param name="change">May add sessions; gives those to take away.</param>
    /// <param name="cancellation">Ends the wait for the lock.</param>
    private List<SessionRecord> Change(Func<List<SessionRecord>, IEnumerable<SessionRecord>> change, CancellationToken cancellation) => FileFailures.Guard(_path, () =>
    {
        using var fileLock = FileLock.Acquire(_path, TimeSpan.FromSeconds(30), cancellation);
        AtomicFile.RemoveLeftovers(_path);
        var stored = Load();
        var sessions = Live(stored);
        var ended = change(sessions).ToList();
        sessions.RemoveAll(ended.Contains);
        if (!sessions.SequenceEqual(stored))
            _writer.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(new Content(1, sessions), SessionJson.Default.Content), FileFacts.Of(_path), () => true);
        return ended;
    });

    private List<SessionRecord> Load()
    {
        if (!File.Exists(_path))
            return [];
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(_path), SessionJson.Default.Content) is { Version: 1, Sessions: { } sessions }
                && sessions.TrueForAll(s => s is { Id: not null, Username: not null, TokenHash: not null, PasswordStamp: not null }))
            {
                return sessions;
            }
        }
        catch (JsonException)
        {
            // Told below, without the text.
        }

        throw new PgEdgeUsersException(
            FailureKind.SessionFileInvalid, $"The sessions file '{_path}' is damaged or of another version. Remove it; that ends all of its sessions.");
    }

    private static List<SessionRecord> Live(List<SessionRecord> sessions) => sessions.FindAll(s => s.ExpiresAt > DateTime.UtcNow);

    private static string Stamp(UserAccount account) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash)).AsSpan(0, 16));

    private sealed record Content(int Version, List<SessionRecord> Sessions);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class SessionJson : JsonSerializerContext;
}
