using System.Globalization;
using System.Management.Automation;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>
/// Creates error records. Only this class maps failures of the core to the error ids, categories and remedies that
/// PowerShell users see. Error ids are stable.
/// </summary>
internal static class Errors
{
    /// <summary>Creates the record for a failure of the core. The error id is its kind.</summary>
    public static ErrorRecord Record(PgEdgeUsersException failure, object? target) =>
        Create(With(failure.Message, RemedyFor(failure)), failure.Kind.ToString(), CategoryOf(failure.Kind), target);

    /// <summary>No user has exactly this name.</summary>
    public static ErrorRecord UserNotFound(string name, OpenUserFile file)
    {
        var suggestion = file.Suggestions(name).FirstOrDefault() is { } existing
            ? $" Did you mean '{VisibleText.BeginningOf(existing)}'? User names are case-sensitive."
            : " Run Get-PgEdgeUser to list the users.";
        return Create(
            $"The user '{VisibleText.BeginningOf(name)}' does not exist in '{file.Path}'.{suggestion}",
            nameof(FailureKind.UserNotFound), ErrorCategory.ObjectNotFound, name);
    }

    /// <summary>A piped object does not identify a user.</summary>
    public static ErrorRecord InvalidObject(string problem, object? target) => Create(
        $"The piped object {problem}. Nothing was done for it.",
        nameof(FailureKind.InvalidUsername),
        ErrorCategory.InvalidArgument,
        $"{target}");

    /// <summary>The status of a piped object is invalid.</summary>
    public static ErrorRecord InvalidStatus(string username, string problem) => Create(
        $"The object for user '{VisibleText.BeginningOf(username)}' {problem}. "
            + "Nothing was done for this user. Correct the object.",
        "InvalidStatus", ErrorCategory.InvalidArgument, username);

    /// <summary>The decision in a row of a roster cannot be used.</summary>
    public static ErrorRecord InvalidDecision(string username) => Create(
        $"The property Decision of user '{VisibleText.BeginningOf(username)}' is not Keep, Disable, Remove or empty. "
            + "Nothing was done for this user. Correct the value, or remove the property if it is unrelated.",
        "InvalidDecision", ErrorCategory.InvalidArgument, username);

    /// <summary>The annotation of a piped object is not a single string.</summary>
    public static ErrorRecord InvalidAnnotationProperty(string username, string property) => Create(
        $"The object for user '{VisibleText.BeginningOf(username)}' has a property {property} that is not a single "
            + "string. Nothing was done for this user. Correct the object.",
        nameof(FailureKind.InvalidAnnotation), ErrorCategory.InvalidArgument, username);

    /// <summary>A piped object has no property to set.</summary>
    public static ErrorRecord NothingToSet(string username) => Create(
        $"Nothing was specified to set for the piped user '{VisibleText.BeginningOf(username)}'. Specify -Annotation, "
            + "-Password or -GeneratePassword, or pipe objects with a property Annotation, Password or Credential.",
        "NothingToSet", ErrorCategory.InvalidArgument, username);

    /// <summary>The history contains no state to restore a user to.</summary>
    public static ErrorRecord NothingToRestore(string name, OpenUserFile file, bool isByTime)
    {
        var reason = isByTime ? "has no state at that time in the history of"
            : file.Snapshot.Find(name) is null ? "was not removed from"
            : "exists in";
        var remedy = isByTime ? "Run Get-PgEdgeUserHistory to list the changes."
            : "To return a user to an earlier state, specify a time with -Before. Get-PgEdgeUserHistory lists the "
                + "changes.";
        return Create(
            $"The user '{VisibleText.BeginningOf(name)}' {reason} '{file.Path}', so there is nothing to restore. "
                + remedy,
            "NothingToRestore", ErrorCategory.ObjectNotFound, name);
    }

    /// <summary>The destination of a copy is the source file.</summary>
    public static ErrorRecord DestinationIsSource(string path) => Create(
        $"The destination '{path}' is also the source file. Nothing was copied. Specify a different file with "
            + "-Destination, or the source file with -Path.",
        "DestinationIsSource", ErrorCategory.InvalidArgument, path);

    /// <summary>The same new name was given for several users of a file.</summary>
    public static ErrorRecord OneNameForSeveralUsers(string newName, int count) => Create(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The new name '{VisibleText.BeginningOf(newName)}' was given for {count} users, but only one user can "
                + $"have it. None of them was renamed. Specify one user, or pipe objects with the properties "
                + $"Username and NewName."),
        "OneNameForSeveralUsers", ErrorCategory.InvalidArgument, newName);

    /// <summary>The parameters -Disabled and -Status contradict each other.</summary>
    public static ErrorRecord ContradictingStatus() => Create(
        "-Disabled and -Status Enabled contradict each other. Specify only one of them.",
        "InvalidStatus",
        ErrorCategory.InvalidArgument,
        target: null);

    /// <summary>The value of -Password is null, perhaps because a variable was never set.</summary>
    public static ErrorRecord PasswordIsNull() => Create(
        "The value of -Password is null. Specify a SecureString, or omit the parameter to be prompted.",
        "PasswordIsNull", ErrorCategory.InvalidArgument, target: null);

    /// <summary>A new password is needed, but the session cannot prompt for it.</summary>
    public static ErrorRecord PasswordRequired(string username) => Create(
        $"A password for '{VisibleText.BeginningOf(username)}' is needed, but this session cannot prompt for it. "
            + "Specify it with -Password (a SecureString) or use -GeneratePassword.",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A roster contains a new enabled user without a password.</summary>
    public static ErrorRecord RosterHasNoPassword(string username) => Create(
        $"The user '{VisibleText.BeginningOf(username)}' is new, but the roster has no password for it. The user was "
            + "not added. Specify -GeneratePassword with -HandoutPath, a property Password with a SecureString, or the "
            + "status Disabled.",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>Only one of -GeneratePassword and -HandoutPath was given, but both are needed together.</summary>
    public static ErrorRecord HandoutPathRequired() => Create(
        "-GeneratePassword and -HandoutPath must be used together: generated passwords are written only to that file. "
            + "Specify both or neither.",
        "HandoutPathRequired", ErrorCategory.InvalidArgument, target: null);

    /// <summary>A sign-in needs a credential, but the session cannot prompt for it.</summary>
    public static ErrorRecord CredentialRequired(string username) => Create(
        username.Length == 0
            ? "A user name and a password are needed to sign in, but this session cannot prompt for them. Specify them "
                + "with -Credential."
            : $"A password for '{VisibleText.BeginningOf(username)}' is needed to sign in, but this session cannot "
                + "prompt for it. Specify it with -Password (a SecureString).",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A change needs confirmation, but the session cannot prompt for it.</summary>
    public static ErrorRecord ConfirmationRequired(string target, Exception cause) => Create(
        $"The change to '{VisibleText.BeginningOf(target)}' needs confirmation, but this session cannot prompt for it. "
            + "Nothing was done. To make the change without confirmation, specify -Confirm:$false.",
        "ConfirmationRequired", ErrorCategory.InvalidOperation, target, cause);

    /// <summary>A password or token was given as plain text. The record does not contain it.</summary>
    public static ErrorRecord PlainTextPassword(string? username) => Create(
        "A password or token must be a SecureString, so that it does not appear in histories and logs. Use Read-Host "
            + "-AsSecureString, Get-Credential or a secret store.",
        "PlainTextPassword", ErrorCategory.InvalidArgument, username);

    /// <summary>A SecureString was disposed before it was used.</summary>
    public static ErrorRecord DisposedPassword(string username) => Create(
        $"The password for '{VisibleText.BeginningOf(username)}' was disposed before it was used. Create "
            + "the SecureString again.",
        "DisposedPassword", ErrorCategory.InvalidArgument, username);

    /// <summary>The two entries of a new password differ.</summary>
    public static ErrorRecord PasswordMismatch(string username) => Create(
        $"The two entries of the password for '{VisibleText.BeginningOf(username)}' differ. Nothing was changed "
            + "for this user. Try again.",
        "PasswordMismatch", ErrorCategory.InvalidData, username);

    /// <summary>The file for generated passwords already exists.</summary>
    public static ErrorRecord HandoutExists(string path) => Create(
        $"Cannot write the generated passwords to '{path}': the file already exists and is never replaced. Nothing was "
            + "changed. Specify another path with -HandoutPath.",
        nameof(FailureKind.HandoutFailed), ErrorCategory.ResourceExists, path);

    /// <summary>The file for an access review already exists.</summary>
    public static ErrorRecord ReviewExists(string path) => Create(
        $"Cannot write the access review to '{path}': the file already exists and is never replaced. "
            + "Specify another path with -OutFile.",
        nameof(FailureKind.ReviewFailed), ErrorCategory.ResourceExists, path);

    /// <summary>No active session has this id or token.</summary>
    /// <param name="id">The id of the session; null if only its token is known.</param>
    public static ErrorRecord SessionNotFound(string? id) => Create(
        $"The session{(id is null ? " for this token" : $" '{VisibleText.BeginningOf(id)}'")} does not exist: it has "
            + "ended, has expired, or belongs to another user file. Get-PgEdgeSession lists the sessions.",
        nameof(FailureKind.SessionNotFound), ErrorCategory.ObjectNotFound, id);

    /// <summary>
    /// The object is neither a session nor a token. It is not the target of the record, because it may be a token in
    /// plain text.
    /// </summary>
    public static ErrorRecord NotASession() => Create(
        "This is not a session: it has neither an Id nor a Token. Specify the output of New-PgEdgeSession or "
            + "Get-PgEdgeSession, or a token with -Token.",
        "NotASession", ErrorCategory.InvalidArgument, target: null);

    /// <summary>The object is not a session on a server, which tools require.</summary>
    public static ErrorRecord NotAServerSession() => Create(
        "This is not a server session: it lacks a Uri or a Token. Specify the output of New-PgEdgeSession -Uri.",
        "NotAServerSession", ErrorCategory.InvalidArgument, target: null);

    /// <summary>The credential for signing in again belongs to a user other than that of the session.</summary>
    public static ErrorRecord CredentialOfAnotherUser(string username, string other) => Create(
        $"The session belongs to '{VisibleText.BeginningOf(username)}', but the credential belongs to "
            + $"'{VisibleText.BeginningOf(other)}'. Nothing was sent. Specify the credential of the same user.",
        "CredentialOfAnotherUser", ErrorCategory.InvalidArgument, username);

    /// <summary>The server has no tool of this name.</summary>
    public static ErrorRecord ToolNotFound(string name, string server) => Create(
        $"The server {server} has no tool '{VisibleText.BeginningOf(name)}'. Run Get-PgEdgeTool to list its "
            + "tools.",
        "ToolNotFound", ErrorCategory.ObjectNotFound, name);

    /// <summary>An argument cannot be sent to a tool.</summary>
    public static ErrorRecord InvalidToolArgument(string tool, string problem) => Create(
        $"The tool '{VisibleText.BeginningOf(tool)}' was not called. {problem}",
        "InvalidToolArgument", ErrorCategory.InvalidArgument, tool);

    /// <summary>The warning that a session expires soon.</summary>
    public static string ExpiresSoon(string server, TimeSpan left) => string.Create(
        CultureInfo.InvariantCulture,
        $"The session on {server} expires in {Math.Ceiling(left.TotalMinutes)} min. To continue after that, specify "
            + $"-Credential, or renew the session: $session | New-PgEdgeSession -Credential $credential.");

    /// <summary>Both a user file and a server were named.</summary>
    public static ErrorRecord PathWithUri() => Create(
        "Sign in either against a user file or to a running server. Specify -Path or -Uri, not both.",
        "PathWithUri", ErrorCategory.InvalidArgument, target: null);

    /// <summary>The rules for a new password, shown by the prompt.</summary>
    public static string PasswordRules(int minLength) => string.Create(
        CultureInfo.InvariantCulture,
        $"At least {minLength} characters and at most 72 bytes; not a common password, a pattern, or the user name "
            + $"with additions.");

    /// <summary>The warning that a change could not be verified.</summary>
    public static string MayBeOverwritten(string path) =>
        $"The change to the user file '{path}' may have been overwritten by another program. Check the file, and "
            + "repeat the change if it is missing.";

    /// <summary>The warning that the requested time is before the beginning of the history.</summary>
    public static string HistoryBeginsLater(OpenUserFile file) => string.Create(
        CultureInfo.InvariantCulture,
        $"The history of the user file '{file.Path}' begins at "
            + $"{file.History.Since!.Value.ToLocalTime():yyyy-MM-dd HH:mm:ss}; older changes were dropped. The users "
            + $"return to their state at that time.");

    private static ErrorRecord Create(
        string message, string id, ErrorCategory category, object? target, Exception? cause = null) => new(
        new PgEdgeException(VisibleText.Of(message), cause),
        id,
        category,
        target is string text ? VisibleText.BeginningOf(text) : target);

    private static string With(string message, string? remedy) => remedy is null ? message : $"{message} {remedy}";

    private static string? RemedyFor(PgEdgeUsersException failure) => failure.Kind switch
    {
        FailureKind.UserExists when failure.IsOverwritable =>
            "To replace that user, specify -OnConflict Overwrite; to keep it, specify -OnConflict Skip.",
        FailureKind.UserExists when failure.IsOfNewUser => "To change an existing user, run Set-PgEdgeUser.",
        FailureKind.RosterDisablesTooMany =>
            "To see the changes, specify -Force -WhatIf; to make them, specify -Force.",
        FailureKind.UserFileNotFound =>
            "Specify the path of the user file with -Path, or create it with New-PgEdgeUser.",
        FailureKind.UserFileInvalid when failure.IsRepairable => "Repair-PgEdgeUserFile can repair it.",
        FailureKind.RemoteObject => "Specify the local user file with -Path.",
        FailureKind.AuthenticationFailed => "An administrator can find the reason with Get-PgEdgeAuditEvent.",
        FailureKind.SessionNotFound => "Run Get-PgEdgeSession to list the sessions.",
        FailureKind.ServerCertificateInvalid => "For tests, -SkipCertificateCheck trusts any certificate.",
        FailureKind.InvalidServerUri when failure.IsUnencrypted =>
            "-AllowUnencryptedAuthentication allows plain HTTP to another host.",
        FailureKind.ServerTimeout => "To wait longer, specify -TimeoutSec.",
        FailureKind.SessionExpired or FailureKind.SessionRefused =>
            "With -Credential, the cmdlet signs in again when necessary.",
        FailureKind.AuditFailed => "To use another audit file, specify -AuditPath.",
        FailureKind.HistoryFailed => "To change users without recording their earlier states, specify -NoHistory.",
        _ => null,
    };

    private static ErrorCategory CategoryOf(FailureKind kind) => kind switch
    {
        FailureKind.UserNotFound or FailureKind.UserFileNotFound or FailureKind.SessionNotFound =>
            ErrorCategory.ObjectNotFound,
        FailureKind.UserExists => ErrorCategory.ResourceExists,
        FailureKind.InvalidUsername or FailureKind.InvalidAnnotation or FailureKind.PasswordRejected
            or FailureKind.InvalidUserFilePath
            or FailureKind.InvalidConfiguration or FailureKind.InvalidServerUri or FailureKind.RemoteObject =>
                ErrorCategory.InvalidArgument,
        FailureKind.UserFileInvalid or FailureKind.SessionFileInvalid or FailureKind.RosterInvalid =>
            ErrorCategory.InvalidData,
        FailureKind.UserFileLocked => ErrorCategory.ResourceBusy,
        FailureKind.UserFileAccessDenied => ErrorCategory.PermissionDenied,
        FailureKind.UserFileWriteFailed or FailureKind.AuditFailed or FailureKind.HistoryFailed
            or FailureKind.HandoutFailed or FailureKind.ReviewFailed => ErrorCategory.WriteError,
        FailureKind.AuthenticationFailed or FailureKind.SessionExpired or FailureKind.SessionRefused =>
            ErrorCategory.AuthenticationError,
        FailureKind.TooManyAttempts or FailureKind.RosterDisablesTooMany => ErrorCategory.LimitsExceeded,
        FailureKind.ServerUnreachable => ErrorCategory.ConnectionError,
        FailureKind.ServerTimeout => ErrorCategory.OperationTimeout,
        FailureKind.ServerCertificateInvalid => ErrorCategory.SecurityError,
        FailureKind.ServerResponseInvalid => ErrorCategory.InvalidResult,
        FailureKind.ToolFailed => ErrorCategory.InvalidOperation,
        _ => ErrorCategory.NotSpecified,
    };
}
