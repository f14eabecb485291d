using System.Management.Automation;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>Makes error records: the one place where the core's failures get PowerShell's ids and categories.</summary>
internal static class Errors
{
    /// <summary>The record of a failure: its kind is the error id.</summary>
    public static ErrorRecord Record(PgEdgeUsersException failure, object? target) =>
        new(failure, failure.Kind.ToString(), CategoryOf(failure.Kind), target);

    /// <summary>A password is needed and no one can be asked.</summary>
    public static ErrorRecord PasswordRequired(string username) => new(
        new InvalidOperationException($"A password for '{VisibleText.Of(username)}' is needed, and this session cannot ask for one. Give it with -Password (a SecureString), or have one made with -GeneratePassword."),
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A sign-in takes a name and a password, and no one can be asked.</summary>
    public static ErrorRecord CredentialRequired(string username) => new(
        new InvalidOperationException($"A {(username.Length == 0 ? "name and password" : $"password for '{VisibleText.Of(username)}'")} to sign in with {(username.Length == 0 ? "are" : "is")} needed, and this session cannot ask. Give {(username.Length == 0 ? "them" : "it")} with {(username.Length == 0 ? "-Credential" : "-Password (a SecureString)")}."),
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A change is to be confirmed and no one answers.</summary>
    public static ErrorRecord ConfirmationRequired(string target, Exception cause) => new(
        new InvalidOperationException($"What is to be done with '{VisibleText.Of(target)}' is to be confirmed, and this session cannot ask. Nothing was done. Give -Confirm:$false to go on without asking.", cause),
        "ConfirmationRequired", ErrorCategory.InvalidOperation, target);

    /// <summary>A password was given as plain text.</summary>
    public static ErrorRecord PlainTextPassword(string? username) => new(
        new ArgumentException("A password or token must be a SecureString, so that it is not kept in history and logs. Use Read-Host -AsSecureString, Get-Credential or a secret store."),
        "PlainTextPassword", ErrorCategory.InvalidArgument, username);

    /// <summary>The two entries of a new password differ.</summary>
    public static ErrorRecord PasswordMismatch(string username) => new(
        new InvalidOperationException($"The two entries of the password for '{VisibleText.Of(username)}' differ. Nothing was changed for this user; try again."),
        "PasswordMismatch", ErrorCategory.InvalidData, username);

    /// <summary>The path belongs to a provider other than the file system.</summary>
    public static ErrorRecord NotAFilePath(string path, string provider) => new(
        new ArgumentException($"'{VisibleText.Of(path)}' is a path of the provider {provider}. The user file must be in the file system."),
        nameof(FailureKind.InvalidUserFilePath), ErrorCategory.InvalidArgument, path);

    /// <summary>The path cannot be resolved in this session.</summary>
    public static ErrorRecord UnusablePath(string path, string why, Exception? cause = null) => new(
        new ArgumentException($"'{VisibleText.Of(path)}' cannot be used as the path of a user file: {why}", cause),
        nameof(FailureKind.InvalidUserFilePath), ErrorCategory.InvalidArgument, path);

    /// <summary>What was given is no session and no token. It is not kept as the target: it may be a token as plain text.</summary>
    public static ErrorRecord NotASession() => new(
        new ArgumentException("This is no session: it has neither an Id nor a Token. Give what New-PgEdgeSession or Get-PgEdgeSession wrote, or a token with -Token."),
        "NotASession", ErrorCategory.InvalidArgument, targetObject: null);

    /// <summary>Both a user file and a server were named.</summary>
    public static ErrorRecord PathWithUri() => new(
        new ArgumentException("A sign-in is against a user file or at a running server, not both. Give -Path or -Uri."),
        "PathWithUri", ErrorCategory.InvalidArgument, targetObject: null);

    private static ErrorCategory CategoryOf(FailureKind kind) => kind switch
    {
        FailureKind.UserNotFound or FailureKind.UserFileNotFound or FailureKind.SessionNotFound => ErrorCategory.ObjectNotFound,
        FailureKind.UserExists => ErrorCategory.ResourceExists,
        FailureKind.InvalidUsername or FailureKind.InvalidAnnotation or FailureKind.PasswordRejected
            or FailureKind.InvalidUserFilePath or FailureKind.InvalidConfiguration or FailureKind.InvalidServerUri => ErrorCategory.InvalidArgument,
        FailureKind.UserFileInvalid or FailureKind.SessionFileInvalid => ErrorCategory.InvalidData,
        FailureKind.UserFileLocked => ErrorCategory.ResourceBusy,
        FailureKind.UserFileAccessDenied => ErrorCategory.PermissionDenied,
        FailureKind.UserFileWriteFailed or FailureKind.AuditFailed => ErrorCategory.WriteError,
        FailureKind.AuthenticationFailed => ErrorCategory.AuthenticationError,
        FailureKind.TooManyAttempts => ErrorCategory.LimitsExceeded,
        FailureKind.ServerUnreachable => ErrorCategory.ConnectionError,
        FailureKind.ServerTimeout => ErrorCategory.OperationTimeout,
        FailureKind.ServerCertificateInvalid => ErrorCategory.SecurityError,
        FailureKind.ServerResponseInvalid => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
