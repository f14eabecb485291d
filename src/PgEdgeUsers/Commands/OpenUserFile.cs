using PgEdgeUsers.Core.Document;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Core.Location;

namespace PgEdgeUsers.Commands;

/// <summary>A user file within one pipeline: what it held when it was read, and what is to be changed in it at the end.</summary>
internal sealed class OpenUserFile(UserFileLocation location, UserFileSnapshot snapshot)
{
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private ChangeSet? _preview;

    public UserFileLocation Location => location;

    public string Path => location.Path;

    public UserFileSnapshot Snapshot => snapshot;

    /// <summary>The state with all changes so far, none of which is on disk.</summary>
    public ChangeSet Preview => _preview ??= snapshot.Preview();

    /// <summary>The changes of this pipeline, in order.</summary>
    public List<PendingChange> Changes { get; } = [];

    /// <summary>The names that a name or wildcard stands for, in name order, less those that were chosen before.</summary>
    /// <returns>Nothing for a wildcard without a match; the name itself where it is no user's and no valid wildcard.</returns>
    public IEnumerable<string> Choose(string nameOrPattern) => Match(nameOrPattern).Where(_chosen.Add);

    /// <summary>The names that a name or wildcard stands for. An exact name goes first: names may have brackets.</summary>
    public IEnumerable<string> Match(string nameOrPattern)
    {
        if (snapshot.Find(nameOrPattern) is not null || NameFilter.PatternOf(nameOrPattern) is not { } pattern)
            return [nameOrPattern];
        return snapshot.Users.Select(u => u.Name).Where(pattern.IsMatch).Order(NameOrder.Comparer).ToArray();
    }
}
