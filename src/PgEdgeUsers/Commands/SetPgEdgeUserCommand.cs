using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Changes the password or the annotation of users.</summary>
[Cmdlet(VerbsCommon.Set, "PgEdgeUser", DefaultParameterSetName = ByPassword, SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class SetPgEdgeUserCommand : UserChangeCommand
{
    private const string ByPassword = "Password";
    private const string ByCredential = "Credential";
    private const string Generated = "GeneratePassword";

    private readonly List<Input> _inputs = [];
    private bool _isNameTyped;
    private bool _isAnnotationTyped;

    /// <summary>
    /// The users, by name or wildcard. Names match exactly, wildcards ignore case. The name of a piped object is always
    /// literal.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByPassword, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Generated, ValueFromPipeline = true)]
    [Alias("Name", "User")]
    [UserReferenceTransformation]
    [ArgumentCompleter(typeof(UserNameCompleter))]
    [SupportsWildcards]
    public UserReference[] Username { get; set; } = [];

    /// <summary>
    /// The new password. If neither a password nor an annotation is given, the cmdlet prompts for the password.
    /// </summary>
    [Parameter(ParameterSetName = ByPassword, ValueFromPipelineByPropertyName = true)]
    [SecureValue]
    public SecureString? Password { get; set; }

    /// <summary>The name of the user and the new password.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByCredential, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ScalarValue]
    [Credential]
    public PSCredential? Credential { get; set; }

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

    /// <summary>The new annotation: one line. An empty string clears it if it is typed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Note", "UserNote", "Description")]
    [ArgumentCompleter(typeof(AnnotationCompleter))]
    [AllowEmptyString]
    [AllowNull]
    [ScalarValue]
    public string? Annotation { get; set; }

    /// <summary>Writes the changed users.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool WritesUsers => PassThru;

    private protected override string? Handout => HandoutPath;

    private protected override string? SessionAdvice =>
        "A running server keeps a session that was opened with the old password for up to 24 hours. It ends when "
            + "the user signs in again, or when the server is restarted.";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isNameTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Username));
        _isAnnotationTyped = MyInvocation.BoundParameters.ContainsKey(nameof(Annotation));
        if (MyInvocation.BoundParameters.TryGetValue(nameof(Password), out var password) && password is null)
            ThrowTerminatingError(Errors.PasswordIsNull());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        UserReference[] users = Credential is null
            ? Username
            : [new UserReference(Credential.UserName, isLiteral: true)];
        foreach (var user in users)
        {
            // A typed annotation applies to all users. A piped one applies only if it is not empty and does not come
            // from a user object of this module.
            var annotation = _isAnnotationTyped ? Annotation ?? ""
                : user.IsOwnObject || string.IsNullOrEmpty(Annotation) ? null
                : Annotation;
            _inputs.Add(new Input(user, Credential?.Password ?? Password, annotation));
        }
    }

    private protected override void CheckAll()
    {
        var passwords = new NewPasswords(this, OrStop(PasswordPolicy.FromEnvironment, null));
        foreach (var input in _inputs)
        {
            if (!_isNameTyped && Credential is null && !GeneratePassword && input.Password is null
                && input.Annotation is null)
            {
                WriteError(Errors.NothingToSet(input.User.Name));
                continue;
            }

            foreach (var (file, name) in Resolve([input.User], isReading: false))
                Check(file, name, input, passwords);
        }
    }

    private void Check(OpenUserFile file, string name, Input input, NewPasswords passwords)
    {
        if (input.Password is { } given && file.Snapshot.Find(name) is not null && !passwords.Accepts(given, name))
            return;
        var setsPassword = input.Password is not null || GeneratePassword || input.Annotation is null;
        Func<SecureString?>? password = !setsPassword ? null
            : GeneratePassword ? passwords.Generate
            : () => input.Password ?? passwords.Ask(name);
        var action = (setsPassword, input.Annotation) switch
        {
            (true, null) => "Set password",
            (true, _) => "Set password and annotation",
            _ => "Set annotation",
        };
        Request(file, new UpdateUser(name, account => Annotated(account, input.Annotation)), action, password,
            GeneratePassword);
    }

    private static UserAccount Annotated(UserAccount account, string? annotation)
    {
        if (annotation is null || annotation == account.Annotation)
            return account;
        Core.Accounts.Annotation.Validate(annotation, account.Name);
        return account with { Annotation = annotation };
    }

    private sealed record Input(UserReference User, SecureString? Password, string? Annotation);
}
