using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Services;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>
/// A user file within one pipeline: its state when it was read, and the changes that the pipeline will make.
/// </summary>
/// <param name="location">The location of the file.</param>
/// <param name="snapshot">The state of the file.</param>
/// <param name="readHistory">Reads its history.</param>
internal sealed class OpenUserFile(UserFileLocation location, UserFileSnapshot snapshot, Func<UserHistory> readHistory)
{
    private readonly Lazy<UserHistory> _history = new(readHistory);
    private readonly List<UserChange> _tried = [];
    private readonly Lazy<ILookup<string, string>> _namesIgnoringCase = new(
        () => snapshot.Users.ToLookup(user => user.Name, user => user.Name, StringComparer.OrdinalIgnoreCase));

    private ChangeSet? _preview;

    public UserFileLocation Location => location;

    public string Path => location.Path;

    public UserFileSnapshot Snapshot => snapshot;

    /// <summary>The earlier states of its users, read when they are first needed.</summary>
    public UserHistory History => _history.Value;

    /// <summary>The state after all changes so far, none of which is on disk.</summary>
    public ChangeSet Preview => _preview ??= Replay();

    /// <summary>The changes to make at the end of the pipeline, in order.</summary>
    public List<UserChangeRequest> Requests { get; } = [];

    /// <summary>Applies a change to the preview and returns its result.</summary>
    public UserChangeResult Try(UserChange change)
    {
        var outcome = Preview.Apply(change);
        if (outcome.Failure is null)
            _tried.Add(change);
        return outcome;
    }

    /// <summary>Undoes the last change that <see cref="Try"/> applied to the preview.</summary>
    public void UndoLast()
    {
        _tried.RemoveAt(_tried.Count - 1);
        _preview = null;
    }

    /// <summary>
    /// The names that a reference stands for, in name order. An existing name is never a wildcard. A name that does not
    /// exist is returned unchanged, and a wildcard without a match returns nothing.
    /// </summary>
    public IEnumerable<string> Match(UserReference user)
    {
        if (NameFilter.PatternOf(user, name => snapshot.Find(name) is not null) is not { } pattern)
            return [user.Name];
        return snapshot.Users.Select(account => account.Name).Where(pattern.IsMatch).Order(NameOrder.Comparer);
    }

    /// <summary>The existing names that differ from a name only in case.</summary>
    public IEnumerable<string> Suggestions(string name) =>
        _namesIgnoringCase.Value[name].Where(existing => existing != name);

    private ChangeSet Replay()
    {
        var preview = snapshot.Preview();
        foreach (var change in _tried)
            preview.Apply(change);
        return preview;
    }
}
