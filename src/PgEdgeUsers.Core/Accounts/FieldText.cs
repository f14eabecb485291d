using System.Globalization;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Accounts;

/// <summary>The fields of a user that the server knows, in the order in which it writes them.</summary>
internal enum Field
{
    Username,
    PasswordHash,
    CreatedAt,
    LastLogin,
    Enabled,
    Annotation,
    FailedAttempts,
}

/// <summary>The keys and values of a user's fields, as the server writes them.</summary>
internal static class FieldText
{
    /// <summary>All fields, in the order in which the server writes them.</summary>
    public static IReadOnlyList<Field> All { get; } = Enum.GetValues<Field>();

    /// <summary>The key under which the server keeps a field.</summary>
    public static string Key(Field field) => field switch
    {
        Field.Username => "username",
        Field.PasswordHash => "password_hash",
        Field.CreatedAt => "created_at",
        Field.LastLogin => "last_login",
        Field.Enabled => "enabled",
        Field.Annotation => "annotation",
        _ => "failed_attempts",
    };

    /// <summary>The field that the server keeps under a key; null for a key that it does not know.</summary>
    public static Field? Named(ReadOnlySpan<char> key) => key switch
    {
        "username" => Field.Username,
        "password_hash" => Field.PasswordHash,
        "created_at" => Field.CreatedAt,
        "last_login" => Field.LastLogin,
        "enabled" => Field.Enabled,
        "annotation" => Field.Annotation,
        "failed_attempts" => Field.FailedAttempts,
        _ => null,
    };

    /// <summary>What stands behind a field's key for an account.</summary>
    public static string Value(UserAccount account, Field field) => field switch
    {
        Field.Username => YamlScalar.Write(account.DisplayName),
        Field.PasswordHash => YamlScalar.Write(account.PasswordHash),
        Field.CreatedAt => account.CreatedAt is { } created ? ServerValues.WriteTime(created) : "null",
        Field.LastLogin => account.LastLogin is { } login ? ServerValues.WriteTime(login) : "null",
        Field.Enabled => account.Enabled ? "true" : "false",
        Field.Annotation => YamlScalar.Write(account.Annotation),
        _ => account.FailedAttempts.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A field's key and value.</summary>
    public static string Pair(UserAccount account, Field field) => $"{Key(field)}: {Value(account, field)}";
}
