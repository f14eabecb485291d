using System.Management.Automation;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Commands;

/// <summary>Gets users, in name order.</summary>
[Cmdlet(VerbsCommon.Get, "PgEdgeUser")]
[OutputType(typeof(PgEdgeUser))]
public sealed class GetPgEdgeUserCommand : UserFileCommand
{
    private readonly List<UserReference> _users = [];

    /// <summary>
    /// The users, by name or wildcard. Default: all. Names match exactly, wildcards ignore case. The name of a piped
    /// object is always literal; a piped file stands for all of its users.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation(AcceptsFiles = true)]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[]? Username { get; set; }

    /// <summary>Only users with this status.</summary>
    [Parameter]
    [StatusTransformation]
    public PgEdgeUserStatus? Status { get; set; }

    /// <summary>Only users with an annotation that matches this wildcard.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AnnotationCompleter))]
    [ValidateNotNull]
    [ScalarValue]
    [SupportsWildcards]
    public string? Annotation { get; set; }

    /// <summary>
    /// Only users whose last sign-in, or creation if they never signed in, is at least this long ago: a TimeSpan, or
    /// text such as 90d.
    /// </summary>
    [Parameter]
    [Duration]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan? InactiveFor { get; set; }

    /// <summary>
    /// Only users whose current password was set with this module at least this long ago: a TimeSpan, or text such as
    /// 90d. Users whose <c>PasswordLastSet</c> is unknown are not among them.
    /// </summary>
    [Parameter]
    [Duration]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan? PasswordOlderThan { get; set; }

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
        var annotation = Annotation is null ? null : new NameFilter([Annotation]);
        foreach (var (file, name) in Resolve(_users, isReading: true))
        {
            if (file.Snapshot.Find(name) is not { } account)
                WriteError(Errors.UserNotFound(name, file));
            else if (IsWanted(account, file) && annotation?.Matches(account.Annotation) != false)
                WriteObject(UserOutput.Of(account, file));
        }
    }

    private bool IsWanted(UserAccount account, OpenUserFile file)
    {
        if (Status is { } status && account.Enabled != (status == PgEdgeUserStatus.Enabled))
            return false;
        if (PasswordOlderThan is { } age && !(DateTime.UtcNow - file.History.PasswordLastSet(account) >= age))
            return false;
        return InactiveFor is not { } span
            || DateTime.UtcNow - (account.LastLogin ?? account.CreatedAt ?? DateTime.MinValue) >= span;
    }
}
