namespace PgEdgeUsers.Core;

/// <summary>The kind of a failure. The names are stable: callers report them as error ids.</summary>
public enum FailureKind
{
    /// <summary>The user file does not contain the user.</summary>
    UserNotFound,

    /// <summary>A user with this name, or with a name that is easily confused with it, already exists.</summary>
    UserExists,

    /// <summary>The name violates the rules for new user names.</summary>
    InvalidUsername,

    /// <summary>The text violates the rules for annotations.</summary>
    InvalidAnnotation,

    /// <summary>The password violates the password policy or cannot be hashed.</summary>
    PasswordRejected,

    /// <summary>The user file does not exist.</summary>
    UserFileNotFound,

    /// <summary>The server cannot read the content of the user file, or it cannot be edited safely.</summary>
    UserFileInvalid,

    /// <summary>Another process holds the lock of the user file or keeps writing to the file.</summary>
    UserFileLocked,

    /// <summary>The operating system denies access to the user file or its folder.</summary>
    UserFileAccessDenied,

    /// <summary>
    /// Writing the user file failed. The file is unchanged unless the message describes its state.
    /// </summary>
    UserFileWriteFailed,

    /// <summary>The path does not name a regular file.</summary>
    InvalidUserFilePath,

    /// <summary>The sign-in was refused. The message does not reveal the reason.</summary>
    AuthenticationFailed,

    /// <summary>The sessions file cannot be read.</summary>
    SessionFileInvalid,

    /// <summary>No active session has this id or token.</summary>
    SessionNotFound,

    /// <summary>The session on a server has expired. No request was sent.</summary>
    SessionExpired,

    /// <summary>The server does not accept the session.</summary>
    SessionRefused,

    /// <summary>A tool of the server returned an error.</summary>
    ToolFailed,

    /// <summary>The server temporarily refuses sign-ins from this address after too many failed ones.</summary>
    TooManyAttempts,

    /// <summary>The server cannot be reached.</summary>
    ServerUnreachable,

    /// <summary>The server did not answer in time.</summary>
    ServerTimeout,

    /// <summary>The server's certificate cannot be trusted.</summary>
    ServerCertificateInvalid,

    /// <summary>The server's response does not follow the protocol.</summary>
    ServerResponseInvalid,

    /// <summary>The server address is invalid, or a password would be sent to it unencrypted.</summary>
    InvalidServerUri,

    /// <summary>The audit file cannot be read or written.</summary>
    AuditFailed,

    /// <summary>The history file cannot be read or written.</summary>
    HistoryFailed,

    /// <summary>A roster is invalid: it is empty, has an entry without a valid name, or names a user twice.</summary>
    RosterInvalid,

    /// <summary>A roster would remove or disable more than half of the users.</summary>
    RosterDisablesTooMany,

    /// <summary>The file for generated passwords cannot be written.</summary>
    HandoutFailed,

    /// <summary>The access review cannot be written to its file.</summary>
    ReviewFailed,

    /// <summary>An object came from another host: its path names a user file on that host.</summary>
    RemoteObject,

    /// <summary>A setting in the environment or in the server's configuration has an invalid value.</summary>
    InvalidConfiguration,
}

/// <summary>A failure of a stable kind, with a message that says what happened, to what, why, and what to do.</summary>
public sealed class PgEdgeUsersException : Exception
{
    /// <summary>Creates an exception of a kind.</summary>
    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">
    /// What happened, to what, why, and what to do. It must not contain a secret. Characters that could control a
    /// terminal are escaped.
    /// </param>
    /// <param name="innerException">The cause, if there is one.</param>
    public PgEdgeUsersException(FailureKind kind, string message, Exception? innerException = null)
        : base(VisibleText.Of(message), innerException) => Kind = kind;

    /// <summary>The kind of failure.</summary>
    public FailureKind Kind { get; }

    /// <summary>Whether repairing the user file removes the cause.</summary>
    public bool IsRepairable { get; init; }

    /// <summary>Whether the cause is an existing user that the caller may choose to overwrite.</summary>
    public bool IsOverwritable { get; init; }

    /// <summary>Whether the cause is an existing user with the same or a similar name as a new one.</summary>
    public bool IsOfNewUser { get; init; }

    /// <summary>Whether the cause is that the connection would be plain HTTP, which the caller may allow.</summary>
    public bool IsUnencrypted { get; init; }
}
