using System.Security;

namespace PgEdgeUsers.Host.Terminal;

/// <summary>Answers from a pipe or a file, a line each.</summary>
internal sealed class RedirectedInput(TextReader reader, TextWriter prompts) : IInput
{
    public bool IsTerminal => false;

    public string ReadLine(string prompt)
    {
        Show(prompt);
        return reader.ReadLine() ?? throw IInput.NoAnswer();
    }

    public SecureString ReadSecret(string prompt)
    {
        Show(prompt);
        var secret = new SecureString();
        var next = reader.Read();
        if (next < 0)
        {
            secret.Dispose();
            throw IInput.NoAnswer();
        }
        for (; next >= 0 && next != '\n'; next = reader.Read())
        {
            if (next != '\r')
            {
                secret.AppendChar((char)next);
            }
        }
        secret.MakeReadOnly();
        return secret;
    }

    private void Show(string prompt)
    {
        if (prompt.Length > 0)
        {
            prompts.WriteLine(prompt);
        }
    }
}
