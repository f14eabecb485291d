using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PgEdgeUsers.Stress;

/// <summary>Lets a process that root started continue as another user.</summary>
internal static partial class Privileges
{
    /// <param name="who">User and group number: <c>12345:23456</c>.</param>
    public static void Drop(string who)
    {
        // Everything that the role needs is loaded while it can certainly be read.
        Sample.WarmUp();
        var ids = who.Split(':').Select(id => uint.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        if (SetGroups(0, 0) < 0 || SetGid(ids[1]) < 0 || SetUid(ids[0]) < 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGid(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUid(uint user);
}
