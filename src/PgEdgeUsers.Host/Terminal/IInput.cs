using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>Where answers come from. The end of the input is never an answer: it is an exception.</summary>
internal interface IInput
{
    /// <summary>Whether someone who just presses Enter has seen the question, and so has chosen its default.</summary>
    bool IsTerminal { get; }

    /// <exception cref="PSInvalidOperationException">There is no more input.</exception>
    string ReadLine(string prompt);

    /// <exception cref="PSInvalidOperationException">There is no more input.</exception>
    SecureString ReadSecret(string prompt);

    static PSInvalidOperationException NoAnswer() =>
        new("The input ended before the question was answered.");
}
