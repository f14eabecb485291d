using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>What Windows has in place of modes and of renames that never fail.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsFile
{
    private const int SharingViolation = 32;
    private const int AccessDenied = 5;

    /// <summary>Makes a file for its owner, the administrators and the system; no one else has access, from birth.</summary>
    public static SafeFileHandle CreateForOwner(string path)
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        using var user = WindowsIdentity.GetCurrent();
        IdentityReference[] allowed =
        [
            user.User!,
            new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null),
            new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null),
        ];
        foreach (var identity in allowed)
            security.AddAccessRule(new FileSystemAccessRule(identity, FileSystemRights.FullControl, AccessControlType.Allow));
        new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.FullControl, FileShare.None, 4096, FileOptions.None, security).Dispose();
        return File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.None);
    }

    /// <summary>Renames over a file, again for a second while a reader that does not share holds it.</summary>
    public static void Rename(string from, string to)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception e) when (attempt < 40 && e is IOException or UnauthorizedAccessException && (e.HResult & 0xFFFF) is SharingViolation or AccessDenied)
            {
                Thread.Sleep(25);
            }
        }
    }
}
