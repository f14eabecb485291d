namespace PgEdgeUsers.Core.Accounts;

/// <summary>
/// A field of a user that the server knows: one row of the table by which accounts are read, written, compared and merged.
/// Another field takes a row here and a property of <see cref="UserAccount"/>.
/// </summary>
internal abstract class AccountField
{
    private static int _count;

    private AccountField(string key, string requirement, string remedy)
    {
        Index = _count++;
        Key = key;
        Requirement = requirement;
        Remedy = remedy;
    }

    public static AccountField Username { get; } = new Row<string>(
        "username", ValueKind.Text, account => account.DisplayName, (account, value) => account with { DisplayName = value });

    public static AccountField PasswordHash { get; } = new Row<string>(
        "password_hash", ValueKind.Text, account => account.PasswordHash, (account, value) => account with { PasswordHash = value });

    /// <summary>The server writes a time that it does not have as the first of all times.</summary>
    public static AccountField CreatedAt { get; } = new Row<DateTime?>(
        "created_at", ValueKind.Time, account => account.CreatedAt,
        (account, value) => account with { CreatedAt = value is { Ticks: > 0 } ? value : null });

    public static AccountField LastLogin { get; } = new Row<DateTime?>(
        "last_login", ValueKind.Time, account => account.LastLogin, (account, value) => account with { LastLogin = value });

    public static AccountField Enabled { get; } = new Row<bool>(
        "enabled", ValueKind.Boolean, account => account.Enabled, (account, value) => account with { Enabled = value });

    public static AccountField Annotation { get; } = new Row<string>(
        "annotation", ValueKind.Text, account => account.Annotation, (account, value) => account with { Annotation = value });

    /// <summary>The server's first release (v1.0.0-alpha1) does not have it.</summary>
    public static AccountField FailedAttempts { get; } = new Row<int>(
        "failed_attempts", ValueKind.Count, account => account.FailedAttempts,
        (account, value) => account with { FailedAttempts = value });

    private static readonly AccountField[] Rows =
        [Username, PasswordHash, CreatedAt, LastLogin, Enabled, Annotation, FailedAttempts];

    /// <summary>All fields, in the order in which the server writes them.</summary>
    public static IReadOnlyList<AccountField> All => Rows;

    /// <summary>The place of the field in <see cref="All"/>.</summary>
    public int Index { get; }

    /// <summary>The key under which the server keeps the field.</summary>
    public string Key { get; }

    /// <summary>What a value that cannot be read has to be: "must be …".</summary>
    public string Requirement { get; }

    /// <summary>How to write a value that cannot be read, as a sentence.</summary>
    public string Remedy { get; }

    /// <summary>The type of <see cref="Get"/>'s values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>The field that the server keeps under a key; null for a key that it does not know.</summary>
    public static AccountField? Find(ReadOnlySpan<char> key)
    {
        foreach (var field in Rows)
        {
            if (key.SequenceEqual(field.Key))
                return field;
        }

        return null;
    }

    /// <summary>The field's value in an account.</summary>
    public abstract object? Get(UserAccount account);

    /// <summary>The account with another value of the field.</summary>
    /// <param name="account">The account.</param>
    /// <param name="value">A value of <see cref="ValueType"/>.</param>
    public abstract UserAccount With(UserAccount account, object? value);

    /// <summary>The account with the value that the field has in another.</summary>
    public abstract UserAccount WithValueOf(UserAccount other, UserAccount account);

    /// <summary>Whether the field has the same value in two accounts.</summary>
    public abstract bool IsEqual(UserAccount one, UserAccount other);

    /// <summary>Reads a scalar that is not null into an account; says whether the server could read it.</summary>
    public abstract bool TryRead(ReadOnlySpan<char> text, bool isPlain, ref UserAccount account);

    /// <summary>The field's value in an account as YAML.</summary>
    public abstract string Write(UserAccount account);

    /// <summary>The field's key and value as YAML.</summary>
    public string WritePair(UserAccount account) => $"{Key}: {Write(account)}";

    private sealed class Row<T>(
        string key, ValueKind<T> kind, Func<UserAccount, T> get, Func<UserAccount, T, UserAccount> with)
        : AccountField(key, kind.Requirement, kind.Remedy)
    {
        public override Type ValueType => typeof(T);

        public override object? Get(UserAccount account) => get(account);

        public override UserAccount With(UserAccount account, object? value) => with(account, (T)value!);

        public override UserAccount WithValueOf(UserAccount other, UserAccount account) => with(account, get(other));

        public override bool IsEqual(UserAccount one, UserAccount other) =>
            EqualityComparer<T>.Default.Equals(get(one), get(other));

        public override bool TryRead(ReadOnlySpan<char> text, bool isPlain, ref UserAccount account)
        {
            if (!kind.TryRead(text, isPlain, out var value))
                return false;
            // Most fields of most accounts have the value that a missing field means.
            if (!EqualityComparer<T>.Default.Equals(value, get(account)))
                account = with(account, value);
            return true;
        }

        public override string Write(UserAccount account) => kind.Write(get(account));
    }
}
