namespace PgEdgeUsers.Core;

/// <summary>What went wrong, as a stable name. The names are error ids that callers report.</summary>
public enum FailureKind
{
    /// <summary>The user name is not in the user file.</summary>
    UserNotFound,

    /// <summary>A user of that name, or of a confusable variant of it, is there already.</summary>
    UserExists,

    /// <summary>The name breaks the rules for new user names.</summary>
    InvalidUsername,

    /// <summary>The note breaks the rules for annotations.</summary>
    InvalidAnnotation,

    /// <summary>The password breaks the password policy or cannot be hashed.</summary>
    PasswordRejected,

    /// <summary>There is no user file where one was looked for.</summary>
    UserFileNotFound,

    /// <summary>The user file's text cannot be read as the server reads it, or cannot be edited safely.</summary>
    UserFileInvalid,

    /// <summary>Another process holds the lock of the user file, or writes to it all the time.</summary>
    UserFileLocked,

    /// <summary>The operating system refuses access to the user file or its folder.</summary>
    UserFileAccessDenied,

    /// <summary>The user file could not be written; it is as it was, or the message says what it is.</summary>
    UserFileWriteFailed,

    /// <summary>The path does not name a regular file.</summary>
    InvalidUserFilePath,

    /// <summary>Sign-in was refused. The reason is not told.</summary>
    AuthenticationFailed,

    /// <summary>The sessions file cannot be read.</summary>
    SessionFileInvalid,

    /// <summary>No session is as asked for.</summary>
    SessionNotFound,

    /// <summary>The session at a server has expired. Nothing was sent.</summary>
    SessionExpired,

    /// <summary>The server does not accept the session.</summary>
    SessionRefused,

    /// <summary>A tool of the server reports an error.</summary>
    ToolFailed,

    /// <summary>The server refuses further attempts from this address for a while.</summary>
    TooManyAttempts,

    /// <summary>The server cannot be reached.</summary>
    ServerUnreachable,

    /// <summary>The server did not answer in time.</summary>
    ServerTimeout,

    /// <summary>The server's certificate cannot be trusted.</summary>
    ServerCertificateInvalid,

    /// <summary>The server's answer is not what its protocol says.</summary>
    ServerResponseInvalid,

    /// <summary>The address cannot be used, or would send a password unencrypted.</summary>
    InvalidServerUri,

    /// <summary>The audit file cannot be read or written.</summary>
    AuditFailed,

    /// <summary>The history file cannot be read or written.</summary>
    HistoryFailed,

    /// <summary>A list of users cannot be used: it is empty, names nobody, or names a user twice.</summary>
    RosterInvalid,

    /// <summary>A list of users would remove or disable more than half of the users.</summary>
    RosterDisablesTooMany,

    /// <summary>The file in which generated passwords are handed out cannot be written.</summary>
    HandoutFailed,

    /// <summary>The file of an access review cannot be written.</summary>
    ReviewFailed,

    /// <summary>An object came from another host, where the user file that it names is.</summary>
    RemoteObject,

    /// <summary>A setting in the environment or in the server's configuration has an unusable value.</summary>
    InvalidConfiguration,
}

/// <summary>A failure with a stable kind, and a message that says what was wrong, where, and what to do.</summary>
public sealed class PgEdgeUsersException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">
    /// What was wrong, where, and what to do. Never holds a secret. What could drive a terminal in it is made visible.
    /// </param>
    /// <param name="innerException">The cause, where there is one.</param>
    public PgEdgeUsersException(FailureKind kind, string message, Exception? innerException = null)
        : base(VisibleText.Of(message), innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public FailureKind Kind { get; }

    /// <summary>Whether a repair of the user file removes the cause.</summary>
    public bool IsRepairable { get; init; }

    /// <summary>Whether the cause is a user that could be replaced.</summary>
    public bool IsOverwritable { get; init; }

    /// <summary>Whether it would not fail if passwords could be sent over plain HTTP.</summary>
    public bool IsUnencrypted { get; init; }
}
