using System.Management.Automation;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Services;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Makes the user file match a roster: piped objects, or the users of another user file.</summary>
[Cmdlet(
    VerbsData.Sync,
    "PgEdgeUser",
    DefaultParameterSetName = ByObjects,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PgEdgeUserSync))]
public sealed class SyncPgEdgeUserCommand : UserChangeCommand
{
    private const string ByObjects = "Objects";
    private const string ByReference = "Reference";
    private const string Comparing = "Comparing passwords with the current ones";

    private readonly List<object?> _rows = [];
    private readonly Dictionary<string, RosterStep> _steps = new(StringComparer.Ordinal);

    /// <summary>
    /// The roster: rows of a CSV file, users of a directory or of this module, or other objects with a user name; or
    /// names.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByObjects, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[] InputObject { get; set; } = [];

    /// <summary>A user file whose users are the roster, with their password hashes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByReference)]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ValidateNotNullOrEmpty]
    public string ReferencePath { get; set; } = "";

    /// <summary>What to do with users that the roster does not contain.</summary>
    [Parameter]
    public PgEdgeMissingAction Missing { get; set; }

    /// <summary>
    /// Gives new users without a password a strong random one, which is written to the file of HandoutPath.
    /// </summary>
    [Parameter(ParameterSetName = ByObjects)]
    public SwitchParameter GeneratePassword { get; set; }

    /// <summary>
    /// A new CSV file, mode 0600, with the columns Username and Password for the generated passwords. An existing file
    /// is never replaced.
    /// </summary>
    [Parameter(ParameterSetName = ByObjects)]
    [ValidateNotNullOrEmpty]
    public string? HandoutPath { get; set; }

    /// <summary>Continues even if more than half of the users would be removed or disabled.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool WritesUsers => true;

    private protected override string? Handout => HandoutPath;

    private protected override string SessionAdvice =>
        "When a running server reloads the user file, it ends the open sessions of removed users. It refuses the calls "
            + "of disabled users, but keeps their sessions, and sessions that were opened with an old password, for up "
            + "to 24 hours, or until it is restarted.";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (GeneratePassword != HandoutPath is not null)
            ThrowTerminatingError(Errors.HandoutPathRequired());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _rows.AddRange(InputObject ?? [null]);

    private protected override void CheckAll()
    {
        var roster = ParameterSetName == ByReference
            ? UsersOf(ReferencePath)
            : OrStop(() => new RosterReader(WriteError).Read(_rows).ToArray(), target: null);
        var file = OpenOrStop(user: null, mustExist: false);
        var plan = new RosterPlan(roster, file.Snapshot)
        {
            Missing = (MissingUsers)Missing,
            GeneratesPasswords = GeneratePassword,
            AllowsManyLosses = Force,
            OnVerified = ShowPasswords(Comparing),
        };
        var passwords = new NewPasswords(this, OrStop(PasswordPolicy.FromEnvironment, null));
        foreach (var step in OrStop(() => plan.GetSteps(Stop), file.Path))
            Check(file, step, passwords);
    }

    private protected override object? OutputOf(
        OpenUserFile file, UserChangeRequest request, UserChangeResult result, bool isPreview) =>
        new PgEdgeUserSync(_steps[request.Change.Username], result.Before, result.Account, file.Path);

    private RosterEntry[] UsersOf(string path)
    {
        var location = OrStop(() => new UserFileLocation(Paths.Resolve(path), "the parameter ReferencePath"), path);
        var reference = OrStop(() => Files.Open(location, mustExist: true), location.Path);
        return
        [
            .. reference.Snapshot.Users.Select(
                account => RosterEntry.Of(account, location.Path, reference.History.PasswordLastSet(account))),
        ];
    }

    private void Check(OpenUserFile file, RosterStep step, NewPasswords passwords)
    {
        if (step.NewPassword == NewPassword.Missing)
        {
            WriteError(Errors.RosterHasNoPassword(step.Username));
            return;
        }

        if (step.NewPassword == NewPassword.Given && !passwords.Accepts(step.Password!, step.Username))
            return;
        _steps.Add(step.Username, step);
        var sync = new PgEdgeUserSync(step, step.Before, step.After, file.Path);
        Request(
            file,
            step.Change,
            sync.Changes.Length == 0 ? sync.Action : $"{sync.Action} ({string.Join("; ", sync.Changes)})",
            step.NewPassword switch
            {
                NewPassword.None => null,
                NewPassword.Given => () => step.Password,
                _ => passwords.Generate,
            },
            step.NewPassword == NewPassword.Generated,
            step.After is null ? ConfirmImpact.High : ConfirmImpact.Medium);
    }
}
