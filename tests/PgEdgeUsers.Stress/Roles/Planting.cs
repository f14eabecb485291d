using System.Runtime.InteropServices;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>What a neighbour puts in place of a sidecar file, and takes away or exchanges again and again.</summary>
internal enum Planted
{
    /// <summary>A second name of the victim, which comes and goes.</summary>
    HardLink,

    /// <summary>A symbolic link to the victim, which comes and goes.</summary>
    SymbolicLink,

    /// <summary>A symbolic link to nothing next to the victim, which comes and goes.</summary>
    DanglingLink,

    /// <summary>A file that is exchanged with a second name of the victim in one step.</summary>
    Exchange,
}

/// <summary>Plays a neighbour who may write to the user file's folder, until the process is killed.</summary>
internal static partial class Planting
{
    private const int CurrentFolder = -100;
    private const uint RenameExchanges = 2;

    /// <param name="place">The name that is planted.</param>
    /// <param name="victim">The file that must not be touched.</param>
    /// <param name="kind">How.</param>
    public static int Forever(string place, string victim, Planted kind)
    {
        var other = place + ".other";
        if (kind == Planted.Exchange && !OperatingSystem.IsWindows())
        {
            File.WriteAllText(place, "");
            File.SetUnixFileMode(place, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _ = Link(victim, other);
        }

        Console.WriteLine("ready");
        for (var i = 0; ; i++)
        {
            switch (kind)
            {
                case Planted.HardLink:
                    _ = Link(victim, place);
                    break;
                case Planted.SymbolicLink:
                    _ = SymbolicLink(victim, place);
                    break;
                case Planted.DanglingLink:
                    _ = SymbolicLink(victim + ".new", place);
                    break;
                default:
                    _ = Rename(CurrentFolder, place, CurrentFolder, other, RenameExchanges);
                    continue;
            }

            // Pauses of several lengths, so that what is planted goes at each moment of an edit.
            Thread.SpinWait(i % 7 * 500);
            _ = Unlink(place);
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
