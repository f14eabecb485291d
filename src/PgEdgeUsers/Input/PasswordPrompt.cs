using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using System.Security;

namespace PgEdgeUsers;

/// <summary>Asks for passwords, hidden: for a new one twice.</summary>
internal static class PasswordPrompt
{
    private const string First = "Password";
    private const string Second = "Password again";

    /// <summary>Asks for the password that a user is to have: gives it, or null after having reported why there is none.</summary>
    public static SecureString? Ask(PSCmdlet cmdlet, string username)
    {
        var answers = Asked(cmdlet, () => cmdlet.Host.UI.Prompt(
            "", $"New password for user '{Core.VisibleText.Of(username)}'", new Collection<FieldDescription> { Field(First), Field(Second) }));
        if (answers is null || !answers.TryGetValue(First, out var one) || !answers.TryGetValue(Second, out var other))
        {
            cmdlet.WriteError(Errors.PasswordRequired(username));
            return null;
        }

        var (first, second) = (one.BaseObject as SecureString, other.BaseObject as SecureString);
        using (second)
        {
            if (first is not null && second is not null && AreEqual(first, second))
                return first;
        }

        first?.Dispose();
        cmdlet.WriteError(Errors.PasswordMismatch(username));
        return null;
    }

    /// <summary>Asks for the password that a user has, and for the name where it is empty: gives both, or null after having reported why there are none.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="username">The name; empty where it is asked for.</param>
    /// <param name="where">The server or user file, as the question names it.</param>
    public static PSCredential? AskToSignIn(PSCmdlet cmdlet, string username, string where)
    {
        var credential = Asked(cmdlet, () => cmdlet.Host.UI.PromptForCredential("", Core.VisibleText.Of($"Signing in at {where}"), username, ""));
        if (credential is null)
            cmdlet.WriteError(Errors.CredentialRequired(username));
        return credential;
    }

    /// <summary>What someone answered; null where nobody does.</summary>
    private static T? Asked<T>(PSCmdlet cmdlet, Func<T> ask)
        where T : class
    {
        try
        {
            RequireKeyboard(cmdlet.Host);
            return ask();
        }
        catch (Exception e) when (Unattended.IsMeantBy(e))
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

    /// <summary>PowerShell's console ends the whole script without a word when it is to read hidden text and its input is no keyboard.</summary>
    private static void RequireKeyboard(PSHost host)
    {
        if (host.Name == "ConsoleHost" && Console.IsInputRedirected)
            throw new InvalidOperationException();
    }

    private static bool AreEqual(SecureString first, SecureString second)
    {
        if (first.Length != second.Length)
            return false;
        var (one, other) = (Marshal.SecureStringToGlobalAllocUnicode(first), Marshal.SecureStringToGlobalAllocUnicode(second));
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
