using System.Text.Json;
using System.Text.Json.Serialization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Sessions;

/// <summary>The text of the sessions file: JSON with a version. It is believed whole or not at all.</summary>
internal static partial class SessionFile
{
    /// <summary>The largest file that is read: some million sessions.</summary>
    private const long MaxBytes = 256 * 1024 * 1024;

    /// <summary>What was read or written last. A process that validates many tokens reads the bytes each time, but need not understand the same ones again.</summary>
    private static Reading _last = new([], []);

    /// <summary>Reads the file; one that is not there reads as one without sessions.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.SessionFileInvalid"/>.</exception>
    public static IReadOnlyList<SessionRecord> Read(string path)
    {
        if (FileStatus.Of(path) is not { } facts)
            return [];
        if (facts is not { Kind: FileKind.Regular, Size: <= MaxBytes })
            throw Invalid(path);
        var last = _last;
        if (last.Bytes.Length > 0 && Has(path, last.Bytes))
            return last.Sessions;
        var bytes = File.ReadAllBytes(path);
        var sessions = Parse(bytes) ?? throw Invalid(path);
        _last = new Reading(bytes, sessions);
        return sessions;
    }

    /// <summary>Writes the text. The list is kept and must not be changed any more.</summary>
    public static byte[] Write(List<SessionRecord> sessions)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Content(1, sessions), SessionJson.Default.Content);
        _last = new Reading(bytes, sessions);
        return bytes;
    }

    /// <summary>Whether the file has exactly these bytes. In small pieces: large arrays, one for each token, would keep the garbage collector busy.</summary>
    private static bool Has(string path, byte[] bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) != bytes.Length)
            return false;
        var piece = new byte[Math.Min(bytes.Length, 64 * 1024)];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, piece, done);
            if (read == 0 || read > bytes.Length - done || !piece.AsSpan(0, read).SequenceEqual(bytes.AsSpan(done, read)))
                return false;
            done += read;
        }

        return true;
    }

    private static List<SessionRecord>? Parse(byte[] bytes)
    {
        try
        {
            var content = JsonSerializer.Deserialize(bytes, SessionJson.Default.Content);
            return content is { Version: 1, Sessions: { } sessions } && sessions.TrueForAll(IsWhole) ? sessions : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(SessionRecord? session) => session is
    {
        Id.Length: SessionRecord.IdLength, Username: not null, TokenHash: not null, PasswordStamp: not null, IssuedAt.Kind: DateTimeKind.Utc, ExpiresAt.Kind: DateTimeKind.Utc,
    } && session.Id.All(char.IsAsciiHexDigitLower);

    private static PgEdgeUsersException Invalid(string path) => new(
        FailureKind.SessionFileInvalid, $"The sessions file '{path}' is damaged or of another version. Remove it; that ends all of its sessions.");

    private sealed record Reading(byte[] Bytes, List<SessionRecord> Sessions);

    private sealed record Content(int Version, List<SessionRecord> Sessions);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class SessionJson : JsonSerializerContext;
}
