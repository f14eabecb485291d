using System.Globalization;
using System.Management.Automation;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>
/// Creates error records: the only place where failures of the core get the ids, categories and remedies that a user of
/// PowerShell sees. Error ids are stable.
/// </summary>
internal static class Errors
{
    /// <summary>The record of a failure of the core. Its kind is the error id.</summary>
    public static ErrorRecord Record(PgEdgeUsersException failure, object? target) =>
        Create(With(failure.Message, RemedyFor(failure)), failure.Kind.ToString(), CategoryOf(failure.Kind), target);

    /// <summary>There is no user of exactly this name.</summary>
    public static ErrorRecord UserNotFound(string name, OpenUserFile file)
    {
        var suggestion = file.Suggestions(name).FirstOrDefault() is { } existing
            ? $" Did you mean '{VisibleText.BeginningOf(existing)}'? User names are case-sensitive."
            : " Run Get-PgEdgeUser to list the users.";
        return Create(
            $"The user '{VisibleText.BeginningOf(name)}' does not exist in '{file.Path}'.{suggestion}",
            nameof(FailureKind.UserNotFound), ErrorCategory.ObjectNotFound, name);
    }

    /// <summary>A piped object cannot stand for a user.</summary>
    public static ErrorRecord InvalidObject(string problem, object? target) => Create(
        $"The piped object {problem}. Nothing was done for it.",
        nameof(FailureKind.InvalidUsername),
        ErrorCategory.InvalidArgument,
        $"{target}");

    /// <summary>The status that a piped object states cannot be used.</summary>
    public static ErrorRecord InvalidStatus(string username, string problem) => Create(
        $"The object of user '{VisibleText.BeginningOf(username)}' {problem}. Nothing was done for this "
            + $"user. Correct the object.",
        "InvalidStatus", ErrorCategory.InvalidArgument, username);

    /// <summary>The decision in a row of a roster cannot be used.</summary>
    public static ErrorRecord InvalidDecision(string username) => Create(
        $"The property Decision of user '{VisibleText.BeginningOf(username)}' is not Keep, Disable, Remove or empty. "
            + "Nothing was done for this user. Correct it, or remove the property if it is not that of an access review.",
        "InvalidDecision", ErrorCategory.InvalidArgument, username);

    /// <summary>The annotation that a piped object states is not a text.</summary>
    public static ErrorRecord InvalidAnnotationProperty(string username, string property) => Create(
        $"The object of user '{VisibleText.BeginningOf(username)}' has a property {property} that is not one text. "
            + "Nothing was done for this user. Correct the object.",
        nameof(FailureKind.InvalidAnnotation), ErrorCategory.InvalidArgument, username);

    /// <summary>A piped user comes with nothing that could be set.</summary>
    public static ErrorRecord NothingToSet(string username) => Create(
        $"Nothing is to be set for the piped user '{VisibleText.BeginningOf(username)}'. Give -Annotation, "
            + $"-Password or -GeneratePassword, "
        + "or pipe objects with a property Annotation, Password or Credential.",
        "NothingToSet", ErrorCategory.InvalidArgument, username);

    /// <summary>The history has no state to which a user could return.</summary>
    public static ErrorRecord NothingToRestore(string name, OpenUserFile file, bool isByTime)
    {
        var reason = isByTime ? "has no state of that time in the history of"
            : file.Snapshot.Find(name) is null ? "was not removed from"
            : "exists in";
        var remedy = isByTime ? "Run Get-PgEdgeUserHistory to list the changes."
            : "To return a user to an earlier state, give a time with -Before. Get-PgEdgeUserHistory lists the "
                + "changes.";
        return Create(
            $"The user '{VisibleText.BeginningOf(name)}' {reason} '{file.Path}', and so there is nothing to restore. "
                + remedy,
            "NothingToRestore", ErrorCategory.ObjectNotFound, name);
    }

    /// <summary>Users were to be copied to the file that they are in.</summary>
    public static ErrorRecord DestinationIsSource(string path) => Create(
        $"The destination '{path}' is the user file that the users are in. Nothing was copied. Give another file with "
            + "-Destination, or the source with -Path.",
        "DestinationIsSource", ErrorCategory.InvalidArgument, path);

    /// <summary>Several users of a file were to get the same new name.</summary>
    public static ErrorRecord OneNameForSeveralUsers(string newName, int count) => Create(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The new name '{VisibleText.BeginningOf(newName)}' was given for {count} users, and only one user can "
                + $"have it. None of them was renamed. Name one user, or pipe objects with the properties Username and "
                + $"NewName."),
        "OneNameForSeveralUsers", ErrorCategory.InvalidArgument, newName);

    /// <summary>The parameters that state the status contradict each other.</summary>
    public static ErrorRecord ContradictingStatus() => Create(
        "-Disabled and -Status Enabled contradict each other. Give one of them.",
        "InvalidStatus",
        ErrorCategory.InvalidArgument,
        target: null);

    /// <summary>The value of -Password is null, perhaps because a variable was never set.</summary>
    public static ErrorRecord PasswordIsNull() => Create(
        "The value of -Password is null. Give a SecureString, or leave the parameter out to be prompted.",
        "PasswordIsNull", ErrorCategory.InvalidArgument, target: null);

    /// <summary>A new password is needed and nobody can be asked for it.</summary>
    public static ErrorRecord PasswordRequired(string username) => Create(
        $"A password for '{VisibleText.BeginningOf(username)}' is needed, and this session cannot prompt for one. "
        + "Give it with -Password (a SecureString) or use -GeneratePassword.",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A roster has a new user that may sign in, and no password for it.</summary>
    public static ErrorRecord RosterHasNoPassword(string username) => Create(
        $"The user '{VisibleText.BeginningOf(username)}' is new, and the roster has no password for it. The user was "
            + "not added. Give -GeneratePassword with -HandoutPath, a property Password with a SecureString, or the "
            + "status Disabled.",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>Passwords were to be generated without a file for them, or the other way round.</summary>
    public static ErrorRecord HandoutPathRequired() => Create(
        "-GeneratePassword and -HandoutPath are needed together: generated passwords are written to that file and "
            + "nowhere else. Give both or neither.",
        "HandoutPathRequired", ErrorCategory.InvalidArgument, target: null);

    /// <summary>A sign-in needs a name and a password, and nobody can be asked for them.</summary>
    public static ErrorRecord CredentialRequired(string username) => Create(
        username.Length == 0
            ? "A name and a password are needed to sign in, and this session cannot prompt for them. Give them with "
                + "-Credential."
            : $"A password for '{VisibleText.BeginningOf(username)}' is needed to sign in, and this session cannot "
                + $"prompt for it. "
                + "Give it with -Password (a SecureString).",
        "PasswordRequired", ErrorCategory.InvalidArgument, username);

    /// <summary>A change needs confirmation and nobody can be asked for it.</summary>
    public static ErrorRecord ConfirmationRequired(string target, Exception cause) => Create(
        $"The change of '{VisibleText.BeginningOf(target)}' needs confirmation, and this session cannot ask for it. "
            + $"Nothing was done. "
        + "To go on without asking, give -Confirm:$false.",
        "ConfirmationRequired", ErrorCategory.InvalidOperation, target, cause);

    /// <summary>A password or token was given as plain text, which is not kept in the record.</summary>
    public static ErrorRecord PlainTextPassword(string? username) => Create(
        "A password or token must be a SecureString, so that it is not kept in histories and logs. Use Read-Host "
            + "-AsSecureString, "
        + "Get-Credential or a secret store.",
        "PlainTextPassword", ErrorCategory.InvalidArgument, username);

    /// <summary>A SecureString was disposed before it was used.</summary>
    public static ErrorRecord DisposedPassword(string username) => Create(
        $"The password for '{VisibleText.BeginningOf(username)}' was disposed before it was used. Create the "
            + $"SecureString again.",
        "DisposedPassword", ErrorCategory.InvalidArgument, username);

    /// <summary>The two entries of a new password differ.</summary>
    public static ErrorRecord PasswordMismatch(string username) => Create(
        $"The two entries of the password for '{VisibleText.BeginningOf(username)}' differ. Nothing was changed for "
            + $"this user.",
        "PasswordMismatch", ErrorCategory.InvalidData, username);

    /// <summary>The file for generated passwords exists already.</summary>
    public static ErrorRecord HandoutExists(string path) => Create(
        $"The file '{path}' for the generated passwords exists already, and a handout never replaces a file. "
            + $"Nothing was changed. "
        + "Give another path with -HandoutPath.",
        nameof(FailureKind.HandoutFailed), ErrorCategory.ResourceExists, path);

    /// <summary>The file for an access review already exists.</summary>
    public static ErrorRecord ReviewExists(string path) => Create(
        $"Cannot write the access review to '{path}': the file already exists and is never replaced. "
            + "Give another path with -OutFile.",
        nameof(FailureKind.ReviewFailed), ErrorCategory.ResourceExists, path);

    /// <summary>No live session is the one that was asked for.</summary>
    /// <param name="id">The id of the session; null if only its token is known.</param>
    public static ErrorRecord SessionNotFound(string? id) => Create(
        $"The session{(id is null ? " of this token" : $" '{VisibleText.BeginningOf(id)}'")} does not exist: it has "
            + $"ended, has expired, or "
        + "belongs to another user file. Get-PgEdgeSession lists the sessions.",
        nameof(FailureKind.SessionNotFound), ErrorCategory.ObjectNotFound, id);

    /// <summary>
    /// The object is neither a session nor a token. It is not kept as the target, because it may be a token in plain
    /// text.
    /// </summary>
    public static ErrorRecord NotASession() => Create(
        "This is not a session: it has neither an Id nor a Token. Give the output of New-PgEdgeSession or "
            + "Get-PgEdgeSession, or a token with -Token.",
        "NotASession", ErrorCategory.InvalidArgument, target: null);

    /// <summary>The object is not a session at a server, where tools are.</summary>
    public static ErrorRecord NotAServerSession() => Create(
        "This is not a session at a server: it lacks a Uri or a Token. Give the output of New-PgEdgeSession -Uri.",
        "NotAServerSession", ErrorCategory.InvalidArgument, target: null);

    /// <summary>A session was to sign in again as somebody else.</summary>
    public static ErrorRecord CredentialOfAnotherUser(string username, string other) => Create(
        $"The session belongs to '{VisibleText.BeginningOf(username)}' and the credential to "
            + $"'{VisibleText.BeginningOf(other)}'. Nothing was sent. Give the credential of the same user.",
        "CredentialOfAnotherUser", ErrorCategory.InvalidArgument, username);

    /// <summary>The server has no tool of this name.</summary>
    public static ErrorRecord ToolNotFound(string name, string server) => Create(
        $"The server {server} has no tool '{VisibleText.BeginningOf(name)}'. Get-PgEdgeTool without a name lists its "
            + "tools.",
        "ToolNotFound", ErrorCategory.ObjectNotFound, name);

    /// <summary>An argument cannot be sent to a tool.</summary>
    public static ErrorRecord InvalidToolArgument(string tool, string problem) => Create(
        $"The tool '{VisibleText.BeginningOf(tool)}' was not called. {problem}",
        "InvalidToolArgument", ErrorCategory.InvalidArgument, tool);

    /// <summary>The warning that a session will soon expire.</summary>
    public static string ExpiresSoon(string server, TimeSpan left) => string.Create(
        CultureInfo.InvariantCulture,
        $"The session at {server} expires in {Math.Ceiling(left.TotalMinutes)} min. To go on after that, give "
            + $"-Credential, or renew the session: $session | New-PgEdgeSession -Credential $credential.");

    /// <summary>Both a user file and a server were named.</summary>
    public static ErrorRecord PathWithUri() => Create(
        "A sign-in is either against a user file or at a running server. Give -Path or -Uri, not both.",
        "PathWithUri", ErrorCategory.InvalidArgument, target: null);

    /// <summary>The rules for a new password, for a prompt.</summary>
    public static string PasswordRules(int minLength) => string.Create(
        CultureInfo.InvariantCulture,
        $"At least {minLength} characters and at most 72 bytes; not a common password, a pattern, or the user name "
            + $"with additions.");

    /// <summary>The warning that a change could not be verified.</summary>
    public static string MayBeOverwritten(string path) =>
        $"The change to the user file '{path}' may have been overwritten by another program. Check whether it is "
            + $"there, and repeat it if not.";

    /// <summary>The warning that a state before the beginning of the history was asked for.</summary>
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
            "-OnConflict Overwrite replaces that user, and -OnConflict Skip leaves it as it is.",
        FailureKind.UserExists => "To change an existing user, run Set-PgEdgeUser.",
        FailureKind.RosterDisablesTooMany => "-Force -WhatIf shows the changes, and -Force makes them.",
        FailureKind.UserFileNotFound => "Give the path of the user file with -Path, or create it with New-PgEdgeUser.",
        FailureKind.UserFileInvalid when failure.IsRepairable => "Repair-PgEdgeUserFile does so.",
        FailureKind.RemoteObject => "Name the local user file with -Path.",
        FailureKind.AuthenticationFailed => "An administrator finds the reason with Get-PgEdgeAuditEvent.",
        FailureKind.SessionNotFound => "Get-PgEdgeSession lists the sessions.",
        FailureKind.ServerCertificateInvalid => "-SkipCertificateCheck trusts any certificate, for tests.",
        FailureKind.InvalidServerUri when failure.IsUnencrypted =>
            "-AllowUnencryptedAuthentication allows plain HTTP to another host.",
        FailureKind.ServerTimeout => "To wait longer, give -TimeoutSec.",
        FailureKind.SessionExpired or FailureKind.SessionRefused => "With -Credential, that is done when it is needed.",
        FailureKind.AuditFailed => "-AuditPath names another audit file.",
        FailureKind.HistoryFailed => "-NoHistory changes users without recording their earlier states.",
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
