namespace PgEdgeUsers.Core.Accounts;

/// <summary>
/// A field of a user that the server knows: a row of the table that is used to read, write, compare and merge accounts.
/// A new field needs a row here and a property of <see cref="UserAccount" />.
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

    public static AccountField Username { get; } =
        new Row<string>("username", ValueKind.Text, nameof(UserAccount.DisplayName));

    public static AccountField PasswordHash { get; } =
        new Row<string>("password_hash", ValueKind.Text, nameof(UserAccount.PasswordHash));

    public static AccountField CreatedAt { get; } =
        new Row<DateTime?>("created_at", ValueKind.TimeOrZero, nameof(UserAccount.CreatedAt));

    public static AccountField LastLogin { get; } =
        new Row<DateTime?>("last_login", ValueKind.Time, nameof(UserAccount.LastLogin));

    public static AccountField Enabled { get; } =
        new Row<bool>("enabled", ValueKind.Boolean, nameof(UserAccount.Enabled));

    public static AccountField Annotation { get; } =
        new Row<string>("annotation", ValueKind.Text, nameof(UserAccount.Annotation));

    /// <summary>The server's first release (v1.0.0-alpha1) does not have it.</summary>
    public static AccountField FailedAttempts { get; } =
        new Row<int>("failed_attempts", ValueKind.Count, nameof(UserAccount.FailedAttempts));

    private static readonly AccountField[] Rows =
        [Username, PasswordHash, CreatedAt, LastLogin, Enabled, Annotation, FailedAttempts];

    /// <summary>All fields, in the order in which the server writes them.</summary>
    public static IReadOnlyList<AccountField> All => Rows;

    /// <summary>The index of the field in <see cref="All"/>.</summary>
    public int Index { get; }

    /// <summary>The server's key for the field.</summary>
    public string Key { get; }

    /// <summary>The requirement that an invalid value violates: "must be …".</summary>
    public string Requirement { get; }

    /// <summary>How to correct an invalid value, as a complete sentence.</summary>
    public string Remedy { get; }

    /// <summary>The type of <see cref="Get"/>'s values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>The field with a key; null if the server does not know the key.</summary>
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

    /// <summary>A copy of the account with another value of the field.</summary>
    /// <param name="account">The account.</param>
    /// <param name="value">A value of <see cref="ValueType"/>.</param>
    public abstract UserAccount With(UserAccount account, object? value);

    /// <summary>A copy of the account with the field's value from another account.</summary>
    public abstract UserAccount WithValueOf(UserAccount other, UserAccount account);

    /// <summary>Whether the field has the same value in two accounts.</summary>
    public abstract bool IsEqual(UserAccount one, UserAccount other);

    /// <summary>Sets the field of a new account, which is not shared yet, from a scalar that is not null.</summary>
    /// <returns>Whether the server can read the scalar.</returns>
    public abstract bool TryRead(ReadOnlySpan<char> text, bool isPlain, UserAccount account);

    /// <summary>The field's value in an account as YAML.</summary>
    public abstract string Write(UserAccount account);

    /// <summary>The field's key and value as YAML.</summary>
    public string WritePair(UserAccount account) => $"{Key}: {Write(account)}";

    /// <summary>A row of the table.</summary>
    /// <param name="key">The server's key.</param>
    /// <param name="kind">The kind of values.</param>
    /// <param name="property">The name of the property of an account.</param>
    private sealed class Row<T>(string key, ValueKind<T> kind, string property)
        : AccountField(key, kind.Requirement, kind.Remedy)
    {
        private readonly Func<UserAccount, T> _get =
            typeof(UserAccount).GetProperty(property)!.GetMethod!.CreateDelegate<Func<UserAccount, T>>();

        private readonly Action<UserAccount, T> _set =
            typeof(UserAccount).GetProperty(property)!.SetMethod!.CreateDelegate<Action<UserAccount, T>>();

        public override Type ValueType => typeof(T);

        public override object? Get(UserAccount account) => _get(account);

        public override UserAccount With(UserAccount account, object? value) => WithValue(account, (T)value!);

        public override UserAccount WithValueOf(UserAccount other, UserAccount account) =>
            WithValue(account, _get(other));

        public override bool IsEqual(UserAccount one, UserAccount other) =>
            EqualityComparer<T>.Default.Equals(_get(one), _get(other));

        public override bool TryRead(ReadOnlySpan<char> text, bool isPlain, UserAccount account)
        {
            if (!kind.TryRead(text, isPlain, out var value))
                return false;
            _set(account, value);
            return true;
        }

        public override string Write(UserAccount account) => kind.Write(_get(account));

        private UserAccount WithValue(UserAccount account, T value)
        {
            var copy = account with { };
            _set(copy, value);
            return copy;
        }
    }
}
