using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Adds users.</summary>
[Cmdlet(VerbsCommon.New, "PgEdgeUser", DefaultParameterSetName = ByName, SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class NewPgEdgeUserCommand : UserChangeCommand
{
    private const string ByName = "Username";
    private const string ByCredential = "Credential";
    private const string Generated = "GeneratePassword";

    /// <summary>The name of the new user.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Generated, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "User")]
    [PipedName]
    [AllowEmptyString]
    public string Username { get; set; } = "";

    /// <summary>The password. Not given: it is asked for, hidden, twice.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    public SecureString? Password { get; set; }

    /// <summary>Makes a strong random password and hands it out once, as the property GeneratedPassword of the output.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Generated)]
    public SwitchParameter GeneratePassword { get; set; }

    /// <summary>The name and password of the new user.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByCredential, ValueFromPipeline = true)]
    [ScalarValue]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>A note about the user: one line.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Note", "UserNote", "Description")]
    [AllowEmptyString]
    [AllowNull]
    [ScalarValue]
    public string? Annotation { get; set; }

    /// <summary>Whether the user may sign in: enabled unless given. Users who are piped in from elsewhere bring theirs along, as Status or as Enabled, true or false.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Enabled")]
    [StatusText]
    public PgEdgeUserStatus Status { get; set; } = PgEdgeUserStatus.Enabled;

    /// <summary>The user may not sign in yet, whatever the status.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SwitchText]
    public SwitchParameter Disabled { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (name, own) = PipedNameAttribute.NameAndFile(Credential?.UserName ?? Username);
        var file = OpenFile(mustExist: false, own);
        var account = new UserAccount(name)
        {
            DisplayName = name,
            Annotation = Annotation ?? "",
            Enabled = Status == PgEdgeUserStatus.Enabled && !Disabled,
            CreatedAt = DateTime.UtcNow,
        };
        // What is wrong with the name or the note is said before a password is asked for.
        if (file.Preview.ReasonNotToAdd(account) is { } failure)
            WriteError(Errors.Record(failure, name));
        else if (Confirms(file, name, "Add"))
            Add(file, account);
        else if (IsWhatIf)
            file.Try(new AddUser(account));
    }

    private void Add(OpenUserFile file, UserAccount account)
    {
        if (NewPassword(account.Name, GeneratePassword, Credential?.Password ?? Password) is { } password)
            Enqueue(file, new PendingChange(account.Name, password, hash => new AddUser(account with { PasswordHash = hash ?? "" }), GeneratePassword));
    }
}
