using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using System.Security;

namespace PgEdgeUsers;

/// <summary>Asks for a new password, hidden, twice.</summary>
internal static class PasswordPrompt
{
    /// <summary>Gives the password, or null after having reported why there is none.</summary>
    public static SecureString? Ask(PSCmdlet cmdlet, string username)
    {
        SecureString first, second;
        try
        {
            RequireKeyboard(cmdlet.Host);
            first = Ask(cmdlet.Host.UI, $"New password for {Core.VisibleText.Of(username)}: ");
            second = Ask(cmdlet.Host.UI, $"Password again for {Core.VisibleText.Of(username)}: ");
        }
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException)
        {
            cmdlet.WriteError(Errors.PasswordRequired(username));
            return null;
        }

        using (second)
        {
            if (AreEqual(first, second))
                return first;
        }

        first.Dispose();
        cmdlet.WriteError(Errors.PasswordMismatch(username));
        return null;
    }

    private static SecureString Ask(PSHostUserInterface? ui, string prompt)
    {
        if (ui is null)
            throw new NotImplementedException();
        ui.Write(prompt);
        try
        {
            return ui.ReadLineAsSecureString() ?? throw new InvalidOperationException();
        }
        catch (Exception)
        {
            ui.WriteLine();
            throw;
        }
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
