using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>System calls that .NET does not offer.</summary>
internal static partial class Native
{
    public static void Link(string existing, string name) => Check(MakeLink(existing, name));

    public static void Pipe(string path) => Check(MakePipe(path, 0x180));

    /// <summary>Gives away the link itself, not its target.</summary>
    public static void GiveLinkAway(string path, uint user) => Check(ChangeLinkOwner(path, user, user));

    private static void Check(int result)
    {
        if (result < 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string existing, string name);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeLinkOwner(string path, uint user, uint group);
}
