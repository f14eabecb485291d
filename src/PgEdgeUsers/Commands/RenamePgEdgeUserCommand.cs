using System.Management.Automation;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Renames users.</summary>
[Cmdlet(VerbsCommon.Rename, "PgEdgeUser", SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class RenamePgEdgeUserCommand : UserChangeCommand
{
    private readonly List<(List<UserReference> Users, string NewName)> _inputs = [];

    /// <summary>
    /// The user, by name or by a wildcard that matches only this user. Names match exactly, wildcards ignore case. The
    /// name of a piped object is always literal.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[] Username { get; set; } = [];

    /// <summary>The new name. It may differ from the old one only in case.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ScalarValue]
    public string NewName { get; set; } = "";

    /// <summary>Writes the renamed users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesUsers => PassThru;

    private protected override string SessionAdvice =>
        "A running server ends the open session of a renamed user when it reloads the user file. If it does not watch "
        + "this file, restart it; otherwise a session lasts for up to 24 hours.";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Consecutive users with the same new name are one input, so that none of them is renamed.
        if (_inputs is [.., var last] && last.NewName == NewName)
            last.Users.AddRange(Username);
        else
            _inputs.Add(([.. Username], NewName));
    }

    private protected override void CheckAll()
    {
        foreach (var (users, newName) in _inputs)
        {
            foreach (var matches in Resolve(users, isReading: false).GroupBy(match => match.File, match => match.Name))
            {
                if (matches.Skip(1).Any())
                    WriteError(Errors.OneNameForSeveralUsers(newName, matches.Count()));
                else
                    Request(matches.Key, new RenameUser(matches.Single(), newName), $"Rename to '{newName}'");
            }
        }
    }
}
