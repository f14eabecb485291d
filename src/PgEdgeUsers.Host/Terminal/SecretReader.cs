using System.Management.Automation;
using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>Reads a secret without showing it or its length, key by key into a SecureString: it is never a string here.</summary>
internal sealed class SecretReader(ITerminal terminal)
{
    /// <returns>Null when there is no more input.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public SecureString? Read(string prompt)
    {
        var secret = new SecureString();
        try
        {
            terminal.Write(prompt);
            if (!ReadInto(secret))
            {
                secret.Dispose();
                return null;
            }
            secret.MakeReadOnly();
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
        finally
        {
            terminal.Write(Environment.NewLine);
        }
    }

    private bool ReadInto(SecureString secret)
    {
        // How many UTF-16 units each character took, so that backspace takes back a whole one.
        var lengths = new Stack<int>();
        while (true)
        {
            var key = terminal.ReadKey();
            if (key.IsEndOfInput || (key.IsControl(ConsoleKey.D) && secret.Length == 0))
            {
                return false;
            }
            else if (key.IsControl(ConsoleKey.C))
            {
                throw new PipelineStoppedException();
            }
            else if (key.IsEnter)
            {
                return true;
            }
            else if (key.IsControl(ConsoleKey.U))
            {
                secret.Clear();
                lengths.Clear();
            }
            else if (key.Key == ConsoleKey.Backspace && lengths.TryPop(out var length))
            {
                for (; length > 0; length--)
                {
                    secret.RemoveAt(secret.Length - 1);
                }
            }
            else if (key.IsText)
            {
                secret.AppendChar(key.KeyChar);
                lengths.Push(char.IsLowSurrogate(key.KeyChar) && lengths.TryPop(out var high) ? high + 1 : 1);
            }
        }
    }
}
