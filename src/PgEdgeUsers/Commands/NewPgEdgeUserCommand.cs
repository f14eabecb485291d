using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
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

    private readonly List<Input> _inputs = [];

    /// <summary>The name of the new user.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Generated, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation(IsSingle = true)]
    public UserReference? Username { get; set; }

    /// <summary>The password. Default: the cmdlet prompts for it.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    public SecureString? Password { get; set; }

    /// <summary>
    /// Sets a strong random password, which is handed out once: as the property GeneratedPassword of the output, or in
    /// the file of HandoutPath.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = Generated)]
    public SwitchParameter GeneratePassword { get; set; }

    /// <summary>
    /// A new CSV file, mode 0600, with the columns Username and Password for the generated passwords. An existing file
    /// is never replaced.
    /// </summary>
    [Parameter(ParameterSetName = Generated)]
    [ValidateNotNullOrEmpty]
    public string? HandoutPath { get; set; }

    /// <summary>The name and password of the new user.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByCredential, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ScalarValue]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>A note about the user: one line.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Note", "UserNote", "Description")]
    [ArgumentCompleter(typeof(AnnotationCompleter))]
    [AllowEmptyString]
    [AllowNull]
    [ScalarValue]
    public string? Annotation { get; set; }

    /// <summary>
    /// Whether the user may sign in. Default: the properties Status, Enabled and Disabled of a piped object, otherwise
    /// Enabled.
    /// </summary>
    [Parameter]
    [StatusTransformation]
    public PgEdgeUserStatus? Status { get; set; }

    /// <summary>The user may not sign in yet. The same as the status Disabled.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    private protected override bool WritesUsers => true;

    private protected override string? Handout => HandoutPath;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Disabled && Status == PgEdgeUserStatus.Enabled)
            ThrowTerminatingError(Errors.ContradictingStatus());
        if (MyInvocation.BoundParameters.TryGetValue(nameof(Password), out var password) && password is null)
            ThrowTerminatingError(Errors.PasswordIsNull());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var user = Credential is null ? Username! : new UserReference(Credential.UserName, isLiteral: true);
        _inputs.Add(new Input(user, Credential?.Password ?? Password, Annotation ?? ""));
    }

    private protected override void CheckAll()
    {
        var passwords = new NewPasswords(this, OrStop(PasswordPolicy.FromEnvironment, null));
        foreach (var input in _inputs)
        {
            if (input.User.Problem is { } problem)
                WriteError(Errors.InvalidObject(problem, input.User.Source));
            else
                Check(OpenOrStop(input.User, mustExist: false), input, passwords);
        }
    }

    private void Check(OpenUserFile file, Input input, NewPasswords passwords)
    {
        var name = input.User.Name;
        PgEdgeUserStatus? piped = null;
        if (input.User.Source is { } source && AccountStatus.Read(source, out piped) is { } problem)
        {
            WriteError(Errors.InvalidStatus(name, problem));
            return;
        }

        var status = Disabled ? PgEdgeUserStatus.Disabled : Status ?? piped ?? PgEdgeUserStatus.Enabled;
        var account = new UserAccount(name)
        {
            DisplayName = name,
            Annotation = input.Annotation,
            Enabled = status == PgEdgeUserStatus.Enabled,
            CreatedAt = DateTime.UtcNow,
        };
        if (input.Password is { } given && file.Preview.ReasonNotToAdd(account) is null
            && !passwords.Accepts(given, name))
        {
            return;
        }

        Func<SecureString?> password = GeneratePassword
            ? passwords.Generate
            : () => input.Password ?? passwords.Ask(name);
        Request(file, new AddUser(account), account.Enabled ? "Add" : "Add, disabled", password, GeneratePassword);
    }

    private sealed record Input(UserReference User, SecureString? Password, string Annotation);
}
