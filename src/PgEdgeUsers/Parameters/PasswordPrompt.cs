using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers;

/// <summary>Prompts for passwords without showing them.</summary>
internal sealed class PasswordPrompt(PSCmdlet cmdlet)
{
    private const string First = "Password";
    private const string Second = "Password again";
    private const int MaxTries = 3;

    /// <summary>
    /// Prompts for a new password. It shows the rules first, checks the first entry before prompting for the second,
    /// and allows retries after a rejected entry.
    /// </summary>
    /// <returns>The password; null after an error has been written.</returns>
    public SecureString? AskNew(string username, PasswordPolicy policy)
    {
        var message = $"New password for user '{VisibleText.Of(username)}'{Environment.NewLine}"
            + Errors.PasswordRules(policy.MinLength);
        for (var tries = 1; ; tries++)
        {
            var rejection = TryAskNew(username, policy, message, out var password);
            if (rejection is null)
                return password;
            if (tries == MaxTries)
            {
                cmdlet.WriteError(rejection);
                return null;
            }

            message = $"{rejection.Exception.Message} Try again.";
        }
    }

    private ErrorRecord? TryAskNew(string username, PasswordPolicy policy, string message, out SecureString? password)
    {
        password = AskHidden(First, message);
        if (password is null)
        {
            cmdlet.WriteError(Errors.PasswordRequired(username));
            return null;
        }

        try
        {
            policy.Check(password, username);
        }
        catch (PgEdgeUsersException failure)
        {
            password.Dispose();
            return Errors.Record(failure, username);
        }

        using var again = AskHidden(Second, "");
        if (again is not null && AreEqual(password, again))
            return null;
        password.Dispose();
        password = null;
        if (again is not null)
            return Errors.PasswordMismatch(username);
        cmdlet.WriteError(Errors.PasswordRequired(username));
        return null;
    }

    /// <summary>Prompts for the password to sign in with, and for the name if it is empty.</summary>
    /// <param name="username">The name; empty to prompt for it.</param>
    /// <param name="where">The server or user file for the prompt, with its preposition.</param>
    /// <returns>The credential; null after an error has been written.</returns>
    public PSCredential? AskToSignIn(string username, string where)
    {
        var credential = Answer(() =>
            cmdlet.Host.UI.PromptForCredential("", VisibleText.Of($"Signing in {where}"), username, ""));
        if (credential is null)
            cmdlet.WriteError(Errors.CredentialRequired(username));
        return credential;
    }

    private SecureString? AskHidden(string label, string message)
    {
        var answers = Answer(() =>
            cmdlet.Host.UI.Prompt("", message, new Collection<FieldDescription> { Field(label) }));
        return answers is not null && answers.TryGetValue(label, out var answer)
            ? answer.BaseObject as SecureString
            : null;
    }

    /// <summary>The answer to a prompt; null if nobody can answer.</summary>
    private T? Answer<T>(Func<T> ask)
        where T : class
    {
        // With redirected input, PowerShell's console would end the whole script without a message.
        if (cmdlet.Host.Name == "ConsoleHost" && Console.IsInputRedirected)
            return null;
        try
        {
            return ask();
        }
        catch (Exception e) when (Confirmation.IsUnanswered(e))
        {
            return null;
        }
    }

    private static FieldDescription Field(string name)
    {
        var field = new FieldDescription(name) { Label = name };
        field.SetParameterType(typeof(SecureString));
        return field;
    }

    private static bool AreEqual(SecureString first, SecureString second)
    {
        if (first.Length != second.Length)
            return false;
        var (one, other) = (Marshal.SecureStringToGlobalAllocUnicode(first),
            Marshal.SecureStringToGlobalAllocUnicode(second));
        try
        {
            for (var i = 0; i < first.Length; i++)
            {
                if (Marshal.ReadInt16(one, 2 * i) != Marshal.ReadInt16(other, 2 * i))
                    return false;
            }

            return true;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(one);
            Marshal.ZeroFreeGlobalAllocUnicode(other);
        }
    }
}
