using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Changes the password or the note of users.</summary>
[Cmdlet(VerbsCommon.Set, "PgEdgeUser", DefaultParameterSetName = Given, SupportsShouldProcess = true)]
[OutputType(typeof(PgEdgeUser))]
public sealed class SetPgEdgeUserCommand : PassThruUserCommand
{
    private const string Given = "Password";
    private const string Generated = "GeneratePassword";

    /// <summary>The new password. With neither a password nor a note, the password is asked for, hidden, twice.</summary>
    [Parameter(ParameterSetName = Given)]
    [SecureValue]
    [ValidateNotNull]
    public SecureString? Password { get; set; }

    /// <summary>Makes a strong random password and hands it out once, as the property GeneratedPassword of the output.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Generated)]
    public SwitchParameter GeneratePassword { get; set; }

    /// <summary>The new note: one line. An empty one clears it.</summary>
    [Parameter]
    [Alias("Note", "UserNote", "Description")]
    [AllowEmptyString]
    [AllowNull]
    [ScalarValue]
    public string? Annotation { get; set; }

    private protected override string Action => SetsAnnotation
        ? SetsPassword ? "Set password and annotation" : "Set annotation"
        : "Set password";

    private bool SetsAnnotation => MyInvocation.BoundParameters.ContainsKey(nameof(Annotation));

    private bool SetsPassword => Password is not null || GeneratePassword || !SetsAnnotation;

    private protected override string? SessionAdvice => SetsPassword
        ? "A running server keeps a session that was opened with the old password, up to 24 hours. It ends when the user signs in again, or when the server is restarted."
        : null;

    private protected override UserChange Preview(string username) => new UpdateUser(username, account => Changed(account, null));

    private protected override PendingChange? Change(string username)
    {
        var password = SetsPassword ? NewPassword(username, GeneratePassword, Password) : null;
        return SetsPassword && password is null ? null : new PendingChange(username, password, hash => new UpdateUser(username, account => Changed(account, hash)), GeneratePassword);
    }

    private UserAccount Changed(UserAccount account, string? hash)
    {
        if (SetsAnnotation && (Annotation ?? "") != account.Annotation)
        {
            Core.Accounts.Annotation.Validate(Annotation ?? "", account.Name);
            account = account with { Annotation = Annotation ?? "" };
        }

        return hash is null ? account : account with { PasswordHash = hash };
    }
}
