namespace PgEdgeUsers;

/// <summary>
/// A failure of a cmdlet of this module. The message says what happened, to what, why, and what to do; the error id
/// says which kind it is.
/// </summary>
/// <param name="message">The message. It never contains a secret or a character that could control a terminal.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class PgEdgeException(string message, Exception? innerException = null)
    : Exception(message, innerException);
