using System.Text.Json;
using System.Text.Json.Serialization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>
/// Reads and writes the sessions file: JSON with a version. A file with any invalid session is rejected completely.
/// </summary>
internal static partial class SessionFile
{
    /// <summary>The largest file that is read, about a million sessions.</summary>
    private const long MaxBytes = 256 * 1024 * 1024;

    /// <summary>
    /// A cache of the last content. A process that validates many tokens reads the bytes each time, but parses them
    /// only if they changed.
    /// </summary>
    private static Reading? _last;

    /// <summary>Reads the file. A missing file has no sessions.</summary>
    /// <param name="path">The sessions file.</param>
    /// <param name="owner">The owner of the user file.</param>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.SessionFileInvalid"/>.</exception>
    public static IReadOnlyList<SessionRecord> Read(string path, FileOwner? owner)
    {
        using var file = SidecarFile.Open(path, SidecarAccess.Read, owner);
        if (file is null)
            return [];
        var size = RandomAccess.GetLength(file);
        if (size > MaxBytes)
            throw Damaged(path);
        if (_last is { } last && FileContent.IsEqual(file, last.Bytes))
            return last.Sessions;
        var bytes = FileContent.Read(file, size);
        var sessions = Parse(bytes) ?? throw Damaged(path);
        _last = new Reading(bytes, sessions);
        return sessions;
    }

    /// <summary>Serializes the sessions. The list is cached and must not be changed afterwards.</summary>
    public static byte[] Write(List<SessionRecord> sessions)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Content(1, sessions), SessionJson.Default.Content);
        _last = new Reading(bytes, sessions);
        return bytes;
    }

    private static List<SessionRecord>? Parse(byte[] bytes)
    {
        try
        {
            var content = JsonSerializer.Deserialize(bytes, SessionJson.Default.Content);
            return content is { Version: 1, Sessions: { } sessions } && sessions.TrueForAll(IsValid) ? sessions : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsValid(SessionRecord? session) => session is
    {
        Id.Length: SessionRecord.IdLength,
        Username: not null,
        TokenHash: not null,
        PasswordStamp: not null,
        IssuedAt.Kind: DateTimeKind.Utc,
        ExpiresAt.Kind: DateTimeKind.Utc,
    } && session.Id.All(char.IsAsciiHexDigitLower);

    private static PgEdgeUsersException Damaged(string path) => new(
        FailureKind.SessionFileInvalid,
        $"The sessions file '{path}' is damaged or has another version. Remove it; this ends all of its sessions.");

    private sealed record Reading(byte[] Bytes, List<SessionRecord> Sessions);

    private sealed record Content(int Version, List<SessionRecord> Sessions);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class SessionJson : JsonSerializerContext;
}
