using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// What Linux keeps of a file beside its mode: access list, SELinux label, and what users attach to it.
/// </summary>
internal static partial class ExtendedAttributes
{
    /// <summary>The attribute that has a file's POSIX access list.</summary>
    public const string AccessList = "system.posix_acl_access";

    private const int OutOfRange = 34;

    /// <summary>They say something about the content, which the system measures again.</summary>
    private static readonly string[] OfContent = ["security.ima", "security.evm"];

    /// <summary>Gives a file the attributes of another. An access list that it has from its folder goes.</summary>
    /// <returns>What could not be given to it, in words.</returns>
    public static IReadOnlyList<string> Copy(SafeFileHandle from, SafeFileHandle to)
    {
        var names = Names(from).Except(OfContent, StringComparer.Ordinal).ToArray();
        if (!names.Contains(AccessList, StringComparer.Ordinal))
            _ = Remove(to, AccessList);
        return [.. names.Where(name => !TryCopy(from, to, name)).Select(InWords)];
    }

    /// <summary>The value of an attribute; null where the file has no such one, or may not be asked.</summary>
    public static byte[]? Value(SafeFileHandle file, string name)
    {
        while (true)
        {
            var size = Get(file, name, null, 0);
            if (size < 0)
                return null;
            var value = new byte[size];
            var length = Get(file, name, value, size);
            if (length >= 0)
                return value[..(int)length];
            if (Marshal.GetLastPInvokeError() != OutOfRange)
                return null;
        }
    }

    private static bool TryCopy(SafeFileHandle from, SafeFileHandle to, string name) =>
        Value(from, name) is not { } value
        || Value(to, name).AsSpan().SequenceEqual(value)
        || Set(to, name, value, value.Length, 0) == 0;

    private static string[] Names(SafeFileHandle file)
    {
        while (true)
        {
            var size = List(file, null, 0);
            if (size <= 0)
                return [];
            var names = new byte[size];
            var length = List(file, names, size);
            if (length >= 0)
            {
                var text = Encoding.UTF8.GetString(names, 0, (int)length);
                return text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            }
            if (Marshal.GetLastPInvokeError() != OutOfRange)
                return [];
        }
    }

    private static string InWords(string name) => name switch
    {
        AccessList => "its access list",
        "security.selinux" => "its SELinux label",
        _ => $"its attribute {name}",
    };

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    private static partial nint List(SafeFileHandle file, byte[]? names, nint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(SafeFileHandle file, string name, byte[]? value, nint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(SafeFileHandle file, string name, byte[] value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "fremovexattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Remove(SafeFileHandle file, string name);
}
