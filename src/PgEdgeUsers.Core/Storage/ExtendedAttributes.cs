using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// The extended attributes of a file on Linux: its access list, its SELinux label and user-defined attributes.
/// </summary>
internal static partial class ExtendedAttributes
{
    /// <summary>The attribute that contains a file's POSIX access list.</summary>
    public const string AccessList = "system.posix_acl_access";

    private const int OutOfRange = 34;

    /// <summary>
    /// Attributes that the system computes from the content. They are not copied, because the content differs.
    /// </summary>
    private static readonly string[] ContentAttributes = ["security.ima", "security.evm"];

    /// <summary>
    /// Copies the attributes of one file to another, and removes an access list inherited from the folder.
    /// </summary>
    /// <returns>The attributes that could not be copied, described in words.</returns>
    public static IReadOnlyList<string> Copy(SafeFileHandle from, SafeFileHandle to)
    {
        var names = Names(from).Except(ContentAttributes, StringComparer.Ordinal).ToArray();
        if (!names.Contains(AccessList, StringComparer.Ordinal))
            _ = Remove(to, AccessList);
        return [.. names.Where(name => !TryCopy(from, to, name)).Select(Describe)];
    }

    /// <summary>The value of an attribute; null if the file does not have it or it cannot be read.</summary>
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

    private static string Describe(string name) => name switch
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
