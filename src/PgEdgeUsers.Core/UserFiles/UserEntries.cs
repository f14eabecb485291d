namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The users of a text, in order and by name.</summary>
/// <param name="text">The text, whose length determines the initial capacity.</param>
internal sealed class UserEntries(string text)
{
    private readonly List<UserEntry> _inOrder = new(UsualCount(text));
    private readonly Dictionary<string, UserEntry> _byName = new(UsualCount(text), StringComparer.Ordinal);

    public IReadOnlyList<UserEntry> InOrder => _inOrder;

    /// <summary>The number of users that a text of this length usually has.</summary>
    public static int UsualCount(string text) => text.Length / 250;

    public UserEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Adds a user after the others, unless the name exists.</summary>
    public bool TryAdd(UserEntry entry)
    {
        if (!_byName.TryAdd(entry.Account.Name, entry))
            return false;
        _inOrder.Add(entry);
        return true;
    }
}
