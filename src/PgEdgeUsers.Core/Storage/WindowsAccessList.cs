using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>The access lists of files on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccessList
{
    /// <summary>Groups that are too broad for a file with password hashes.</summary>
    private static readonly SecurityIdentifier[] Broad =
    [
        new(WellKnownSidType.WorldSid, null),
        new(WellKnownSidType.AuthenticatedUserSid, null),
        new(WellKnownSidType.BuiltinUsersSid, null),
        new(WellKnownSidType.BuiltinGuestsSid, null),
        new(WellKnownSidType.InteractiveSid, null),
        new(WellKnownSidType.NetworkSid, null),
        new(WellKnownSidType.AnonymousSid, null),
    ];

    private static readonly SecurityIdentifier Administrators = new(WellKnownSidType.BuiltinAdministratorsSid, null);
    private static readonly SecurityIdentifier LocalSystem = new(WellKnownSidType.LocalSystemSid, null);

    /// <summary>The account of this process.</summary>
    public static string CurrentUser
    {
        get
        {
            using var user = WindowsIdentity.GetCurrent();
            return user.User!.Value;
        }
    }

    /// <summary>
    /// A security descriptor that gives access only to the current user, the administrators and the system.
    /// </summary>
    public static byte[] ForOwner()
    {
        var security = Protected();
        foreach (var account in (SecurityIdentifier[])[new(CurrentUser), Administrators, LocalSystem])
            Allow(security, account);
        return security.GetSecurityDescriptorBinaryForm();
    }

    /// <summary>Whether an account is that of the administrators, the system or this process.</summary>
    public static bool IsOwnOrSystem(string sid) =>
        sid == CurrentUser || sid == Administrators.Value || sid == LocalSystem.Value;

    /// <summary>The name of an account; its identifier if it has none.</summary>
    public static string NameOf(string sid)
    {
        try
        {
            return new SecurityIdentifier(sid).Translate(typeof(NTAccount)).Value;
        }
        catch (SystemException e) when (e is IdentityNotMappedException or UnauthorizedAccessException)
        {
            return sid;
        }
    }

    /// <summary>The groups that have access to a file and are too broad for it, by name.</summary>
    public static IReadOnlyList<string> BroadGroupsOf(SafeFileHandle file) =>
        [.. RulesOf(Read(file)).Where(IsTooBroad).Select(rule => NameOf(rule.IdentityReference.Value)).Distinct()];

    /// <summary>Gives an account full access to a new file, and makes it the owner if the system allows that.</summary>
    public static void GiveTo(SafeFileHandle created, string sid)
    {
        var owner = new SecurityIdentifier(sid);
        var security = Read(created);
        Allow(security, owner);
        Write(created, security);
        _ = TrySetOwner(created, owner);
    }

    /// <summary>
    /// Copies the owner and access list of a file to a new one, except for groups that are too broad.
    /// </summary>
    /// <returns>What was left out or could not be kept, described in words.</returns>
    public static IReadOnlyList<string> Keep(SafeFileHandle original, SafeFileHandle created)
    {
        var old = Read(original);
        var owner = (SecurityIdentifier)old.GetOwner(typeof(SecurityIdentifier))!;
        var security = Protected();
        var lost = new List<string>();
        foreach (var rule in RulesOf(old))
        {
            var account = rule.IdentityReference;
            if (IsTooBroad(rule))
                lost.Add($"the access of {NameOf(account.Value)}");
            else
                security.AddAccessRule(new(account, rule.FileSystemRights, rule.AccessControlType));
        }

        var isOwners = TrySetOwner(created, owner);
        if (!isOwners)
        {
            // The owner loses the implicit rights of an owner, so the access list has to grant them.
            Allow(security, owner);
            lost.Add($"its owner {NameOf(owner.Value)}, who keeps access");
        }

        Write(created, security);
        return [.. lost.Distinct()];
    }

    private static FileSecurity Protected()
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        return security;
    }

    private static void Allow(FileSecurity security, SecurityIdentifier account) =>
        security.AddAccessRule(new(account, FileSystemRights.FullControl, AccessControlType.Allow));

    private static IEnumerable<FileSystemAccessRule> RulesOf(FileSecurity security) => security
        .GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
        .Cast<FileSystemAccessRule>();

    private static bool IsTooBroad(FileSystemAccessRule rule) =>
        rule.AccessControlType == AccessControlType.Allow && Broad.Contains(rule.IdentityReference);

    private static bool TrySetOwner(SafeFileHandle file, SecurityIdentifier owner)
    {
        var security = Read(file);
        if (owner.Equals(security.GetOwner(typeof(SecurityIdentifier))))
            return true;
        try
        {
            security.SetOwner(owner);
            Write(file, security);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private static FileSecurity Read(SafeFileHandle file)
    {
        using var stream = StreamOf(file);
        return stream.GetAccessControl();
    }

    private static void Write(SafeFileHandle file, FileSecurity security)
    {
        using var stream = StreamOf(file);
        stream.SetAccessControl(security);
    }

    /// <summary>.NET offers access lists only on streams. The stream does not own the handle.</summary>
    private static FileStream StreamOf(SafeFileHandle file) =>
        new(new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, bufferSize: 0);
}
