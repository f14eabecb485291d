using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>A user file within one pipeline: what it held when it was read, and what is to be changed in it at the end.</summary>
/// <param name="location">Which file it is, and why.</param>
/// <param name="snapshot">What it holds.</param>
internal sealed class OpenUserFile(UserFileLocation location, UserFileSnapshot snapshot)
{
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private readonly List<UserChange> _tried = [];
    private ChangeSet? _preview;

    public UserFileLocation Location => location;

    public string Path => location.Path;

    public UserFileSnapshot Snapshot { get; private set; } = snapshot;

    /// <summary>The state with all changes so far, none of which is on disk.</summary>
    public ChangeSet Preview => _preview ??= TryAgain();

    /// <summary>The changes of this pipeline, in order.</summary>
    public List<PendingChange> Changes { get; } = [];

    /// <summary>Makes a change in the preview, for those after it to see, and says how it would end.</summary>
    public UserChangeResult Try(UserChange change)
    {
        var outcome = Preview.Apply(change);
        if (outcome.Failure is null)
            _tried.Add(change);
        return outcome;
    }

    /// <summary>Takes what another command, or another process, has made of the file since.</summary>
    public void Refresh(UserFileSnapshot current)
    {
        Snapshot = current;
        _preview = null;
    }

    /// <summary>Whether a user is chosen for the first time in this pipeline.</summary>
    public bool Choose(string name) => _chosen.Add(name);

    /// <summary>The names that a name or wildcard stands for, in name order. An exact name goes first: names may have brackets.</summary>
    /// <returns>Nothing for a wildcard without a match; the name itself where it is no user's and no valid wildcard.</returns>
    public IEnumerable<string> Match(string nameOrPattern)
    {
        if (Snapshot.Find(nameOrPattern) is not null || NameFilter.PatternOf(nameOrPattern) is not { } pattern)
            return [nameOrPattern];
        return Snapshot.Users.Select(u => u.Name).Where(pattern.IsMatch).Order(NameOrder.Comparer).ToArray();
    }

    private ChangeSet TryAgain()
    {
        var preview = Snapshot.Preview();
        foreach (var change in _tried)
            preview.Apply(change);
        return preview;
    }
}
