using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The fields of one user as they stand in the text, and the account that the server makes of them.</summary>
internal sealed class UserFields
{
    private readonly Scalar?[] _values = new Scalar?[FieldText.All.Count];

    /// <summary>Where the fields stand.</summary>
    public FieldPlace[] Places { get; private set; } = [];

    /// <summary>Begins with another user.</summary>
    public void Clear()
    {
        Array.Clear(_values);
        Places = new FieldPlace[FieldText.All.Count];
    }

    /// <summary>Takes a field.</summary>
    public void Add(Field field, Scalar value, int keyEnd, Span place)
    {
        _values[(int)field] = ServerValues.IsNull(value) ? null : value;
        Places[(int)field] = new FieldPlace(keyEnd, place, value.Style is ScalarStyle.Literal or ScalarStyle.Folded);
    }

    /// <summary>The account that the fields make.</summary>
    /// <exception cref="DocumentException">A field has a value that is not of its kind.</exception>
    public UserAccount Account(string name) => new(name)
    {
        DisplayName = Text(Field.Username),
        PasswordHash = Text(Field.PasswordHash),
        CreatedAt = Time(name, Field.CreatedAt, "created_at") is { Ticks: > 0 } created ? created : null,
        LastLogin = Time(name, Field.LastLogin, "last_login"),
        Enabled = Enabled(name),
        Annotation = Text(Field.Annotation),
        FailedAttempts = FailedAttempts(name),
    };

    private string Text(Field field) => _values[(int)field]?.Value ?? "";

    private DateTime? Time(string name, Field field, string key)
    {
        if (_values[(int)field] is not { } value)
            return null;
        return ServerValues.TryTime(value.Value, value.Style == ScalarStyle.Plain, out var time)
            ? time
            : throw Refuse(value, $"{key} of user '{VisibleText.BeginningOf(name)}' is not a time that the server can read", "Write it as 2025-12-23T15:26:41Z, or null.");
    }

    private bool Enabled(string name)
    {
        if (_values[(int)Field.Enabled] is not { } value)
            return false;
        return ServerValues.TryBoolean(value.Value, value.Style == ScalarStyle.Plain, out var enabled)
            ? enabled
            : throw Refuse(value, $"enabled of user '{VisibleText.BeginningOf(name)}' is neither true nor false", "Write true or false, without quotes.");
    }

    private int FailedAttempts(string name)
    {
        if (_values[(int)Field.FailedAttempts] is not { } value)
            return 0;
        return ServerValues.TryCount(value.Value, value.Style == ScalarStyle.Plain, out var count)
            ? count
            : throw Refuse(value, $"failed_attempts of user '{VisibleText.BeginningOf(name)}' is not a decimal number", "Write a number such as 0, without quotes.");
    }

    private static DocumentException Refuse(Scalar value, string reason, string remedy) => new((int)value.Start.Line, reason, remedy);
}
