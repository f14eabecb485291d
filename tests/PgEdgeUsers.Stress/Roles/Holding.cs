using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>Holds a lock or a watch until the end of the input.</summary>
internal static class Holding
{
    public static int Lock(string path)
    {
        using var held = FileLock.Acquire(path, Child.HangGuard, CancellationToken.None);
        return UntilEnd();
    }

    public static int Try(string path, int milliseconds)
    {
        try
        {
            using var held = FileLock.Acquire(path, TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
            Console.WriteLine("free");
            return 0;
        }
        catch (StorageException e)
        {
            Console.WriteLine($"{e.Failure}: {e.Reason}");
            return 1;
        }
    }

    public static int Watch(string folder)
    {
        using var watcher = new FileSystemWatcher(folder) { EnableRaisingEvents = true };
        return UntilEnd();
    }

    private static int UntilEnd()
    {
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        return 0;
    }
}
