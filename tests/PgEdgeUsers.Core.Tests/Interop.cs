using System.Text.Json.Nodes;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Tests;

/// <summary>Data that was created with the code of the real server, from the folder <c>interop</c>.</summary>
internal static class Interop
{
    public static byte[] Bytes(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "interop", name));

    public static JsonNode Json(string name) => JsonNode.Parse(Bytes(name))!;

    public static IEnumerable<LoaderVector> LoaderVectors() =>
        Json("loader-vectors.json").AsArray().Select(v => new LoaderVector(
            (string)v!["name"]!, (string)v["class"]!, Convert.FromBase64String(
                (string)v["yaml_base64"]!), v["server"]!));

    /// <summary>Annotations, and the YAML scalars that the server writes for them.</summary>
    public static (string Value, string Yaml)[] AnnotationScalars() =>
        [.. Json("annotation-scalars.json").AsArray().Select(v => ((string)v!["value"]!, (string)v["yaml"]!))];

    /// <summary>Passwords as bytes, hashes, and whether they match according to the server's bcrypt.</summary>
    public static (byte[] Password, string Hash, bool Matches)[] BcryptVectors() =>
        [.. Json("bcrypt-vectors.json").AsArray().Select(v =>
            (Convert.FromBase64String((string)v!["password_base64"]!), (string)v["hash"]!, (bool)v["matches"]!))];

    /// <summary>A user file as the server saved it.</summary>
    public static string ServerWritten => System.Text.Encoding.UTF8.GetString(Bytes("server-written.yaml"));
}

/// <summary>A file, and what the server's loader read from it.</summary>
internal sealed record LoaderVector(string Name, string Class, byte[] Yaml, JsonNode Server)
{
    public IEnumerable<string> ServerUsers => Server["users"]!.AsArray().Where(u => u!["nil"] is null)
        .Select(u => Describe(u!)).Order(StringComparer.Ordinal);

    public static string Describe(JsonNode user) => string.Join('|',
        (string?)user["key"], (string?)user["username"], (string?)user["password_hash"],
        Time((string?)user["created_at"]) is var t && t == DateTime.MinValue
            ? null
            : t?.Ticks, Time((string?)user["last_login"])?.Ticks,
        (bool)user["enabled"]!, (string?)user["annotation"], (long)user["failed_attempts"]!);

    private static DateTime? Time(string? text) =>
        text is null
            ? null
            : DateTimeOffset.Parse(Cut(text), System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

    // .NET would round the digits that it cannot keep. The product truncates them.
    private static string Cut(string time) => System.Text.RegularExpressions.Regex.Replace(time, @"(\.\d{7})\d+", "$1");

    public static string Describe(UserAccount user) => string.Join('|',
        user.Name, user.DisplayName, user.PasswordHash, user.CreatedAt?.Ticks, user.LastLogin?.Ticks,
        user.Enabled, user.Annotation, user.FailedAttempts);

    public override string ToString() => Name;
}
