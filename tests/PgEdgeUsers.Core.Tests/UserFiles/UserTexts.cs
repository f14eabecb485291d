using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Texts of user files without faults, and ways to add faults.</summary>
internal static class UserTexts
{
    /// <summary>A file without findings.</summary>
    public static readonly string Good = Sample.Alice.Replace(
        "last_login: null", "last_login: 2025-02-03T04:05:06Z", StringComparison.Ordinal);

    /// <summary>The part of a hash after its version and cost.</summary>
    public static readonly string Digest = Sample.Hash["$2a$12$".Length..];

    /// <summary>The lines of another user.</summary>
    public static string Another(string name) =>
        Good["users:\n".Length..].Replace("alice", name, StringComparison.Ordinal);

    /// <summary>The file with this hash.</summary>
    public static string WithHash(string hash) => Good.Replace(Sample.Hash, hash, StringComparison.Ordinal);

    /// <summary>The file without these fields.</summary>
    public static string Without(params string[] fields) =>
        string.Join('\n', Good.Split('\n')
            .Where(line => !fields.Any(field => line.Contains($" {field}:", StringComparison.Ordinal))));
}
