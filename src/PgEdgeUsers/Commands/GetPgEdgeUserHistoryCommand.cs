using System.Management.Automation;

namespace PgEdgeUsers.Commands;

/// <summary>Gets the recorded changes of users, oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeUserHistory")]
[OutputType(typeof(PgEdgeUserHistory))]
public sealed class GetPgEdgeUserHistoryCommand : UserFileCommand
{
    private readonly List<UserReference> _users = [];

    /// <summary>
    /// The users, by name or wildcard. Default: all. Names match exactly, wildcards ignore case. The name of a piped
    /// object is always literal; a piped file stands for all of its users. Removed users have a history, too. That
    /// of a renamed user includes the changes under its earlier names.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation(AcceptsFiles = true)]
    [ArgumentCompleter(typeof(HistoryNameCompleter))]
    [SupportsWildcards]
    public UserReference[]? Username { get; set; }

    /// <summary>Only changes at or after this time. A time without a zone is local.</summary>
    [Parameter]
    public DateTime After { get; set; } = DateTime.MinValue;

    /// <summary>Only changes before this time. A time without a zone is local.</summary>
    [Parameter]
    public DateTime Before { get; set; } = DateTime.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Username is not null)
            _users.AddRange(Username);
        else if (!MyInvocation.ExpectingInput)
            _users.Add(UserReference.Everyone());
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var opened = new List<(OpenUserFile File, UserReference User)>();
        foreach (var user in _users)
        {
            if (user.Problem is { } problem)
                WriteError(Errors.InvalidObject(problem, user.Source));
            else if (Open(user, isReading: true) is { } file)
                opened.Add((file, user));
        }

        foreach (var users in opened.GroupBy(entry => entry.File, entry => entry.User))
            Write(users.Key, [.. users]);
    }

    private void Write(OpenUserFile file, UserReference[] users)
    {
        var (after, before) = (After.ToUniversalTime(), Before.ToUniversalTime());
        var filter = NameFilter.Of(users, file.History.Records.SelectMany(record => record.Usernames));
        foreach (var record in file.History.RecordsOf(filter.Matches))
        {
            if (record.Time >= after && record.Time < before)
                WriteObject(new PgEdgeUserHistory(record, file.Path));
        }
    }
}
