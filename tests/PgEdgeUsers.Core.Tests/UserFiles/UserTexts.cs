using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Texts of user files that have nothing wrong with them, and ways to spoil them.</summary>
internal static class UserTexts
{
    /// <summary>A file with a user of whom there is nothing to say.</summary>
    public static readonly string Good = Sample.Alice.Replace(
        "last_login: null", "last_login: 2025-02-03T04:05:06Z", StringComparison.Ordinal);

    /// <summary>What is behind the kind and the cost of a hash.</summary>
    public static readonly string Digest = Sample.Hash["$2a$12$".Length..];

    /// <summary>The lines of another user.</summary>
    public static string Another(string name) =>
        Good["users:\n".Length..].Replace("alice", name, StringComparison.Ordinal);

    /// <summary>The file with this for a hash.</summary>
    public static string WithHash(string hash) => Good.Replace(Sample.Hash, hash, StringComparison.Ordinal);

    /// <summary>The file less these fields.</summary>
    public static string Without(params string[] fields) =>
        string.Join('\n', Good.Split('\n')
            .Where(line => !fields.Any(field => line.Contains($" {field}:", StringComparison.Ordinal))));
}
