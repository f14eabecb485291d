using System.Runtime.InteropServices;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>What another account puts in place of a sidecar file, and removes or exchanges again and again.</summary>
internal enum Planted
{
    /// <summary>A hard link to the victim, which comes and goes.</summary>
    HardLink,

    /// <summary>A symbolic link to the victim, which comes and goes.</summary>
    SymbolicLink,

    /// <summary>A dangling symbolic link to a name next to the victim, which comes and goes.</summary>
    DanglingLink,

    /// <summary>A file that is atomically exchanged with a hard link to the victim.</summary>
    Exchange,
}

/// <summary>Plays another account that may write to the user file's folder, until the process is killed.</summary>
internal static partial class Planting
{
    private const int CurrentFolder = -100;
    private const uint RenameExchanges = 2;

    /// <param name="path">The path of the link.</param>
    /// <param name="victim">The file that must not be touched.</param>
    /// <param name="kind">What is planted.</param>
    public static int Forever(string path, string victim, Planted kind)
    {
        var other = path + ".other";
        if (kind == Planted.Exchange && !OperatingSystem.IsWindows())
        {
            File.WriteAllText(path, "");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _ = Link(victim, other);
        }

        Console.WriteLine("ready");
        for (var i = 0; ; i++)
        {
            switch (kind)
            {
                case Planted.HardLink:
                    _ = Link(victim, path);
                    break;
                case Planted.SymbolicLink:
                    _ = SymbolicLink(victim, path);
                    break;
                case Planted.DanglingLink:
                    _ = SymbolicLink(victim + ".new", path);
                    break;
                default:
                    _ = Rename(CurrentFolder, path, CurrentFolder, other, RenameExchanges);
                    continue;
            }

            // The pauses have different lengths, so that the link disappears at every moment of an edit.
            Thread.SpinWait(i % 7 * 500);
            _ = Unlink(path);
            Thread.SpinWait(i % 5 * 500);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "symlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymbolicLink(string target, string name);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string name);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);
}
