using System.Diagnostics;
using System.Globalization;

namespace PgEdgeUsers.Core.Storage;

/// <summary>Tells whether a server may be watching a folder, and so may write an old state over a new one.</summary>
internal static class FolderWatchers
{
    /// <summary>The server's programs, cut to the 15 characters that the kernel keeps of a process's name.</summary>
    private static readonly string[] Servers = ["pgedge-postgres", "pgedge-pg-mcp-s"];

    /// <summary>
    /// Whether any other process watches the folder, as the kernel lists it, or is a server whose watches may not be seen; also
    /// where processes are hidden. Those of other containers cannot be seen at all.
    /// </summary>
    public static bool MayExist(string folder)
    {
        try
        {
            return OperatingSystem.IsLinux() ? AnyWatches(folder) : Process.GetProcesses().Any(IsServer);
        }
        catch (Exception e) when (FileFailures.IsOfSystem(e))
        {
            return true;
        }
    }

    private static bool AnyWatches(string folder)
    {
        // The first process is always there. Where it is not shown, others are not, either.
        if (FileStatus.Of(folder) is not { } facts || !Directory.Exists("/proc/1"))
            return true;
        var watch = $" ino:{facts.Inode.ToString("x", CultureInfo.InvariantCulture)} ";
        return Directory.EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId)
            .Any(process => Watches(process, watch) ?? IsServer(process));
    }

    /// <summary>Whether a process has the folder's watch; null where the process may not be looked at.</summary>
    private static bool? Watches(string process, string watch)
    {
        try
        {
            // Not the links themselves: .NET looks where each leads, which can be a network drive that does not answer.
            foreach (var descriptor in Directory.EnumerateFiles(Path.Combine(process, "fdinfo")))
            {
                if (Posix.LeadsTo(string.Concat(process, "/fd/", Path.GetFileName(descriptor.AsSpan())), "anon_inode:inotify"u8)
                    && File.ReadAllText(descriptor).Contains(watch, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    }

    private static bool IsServer(string process)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n');
            return Servers.Contains(name, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsServer(Process process)
    {
        using (process)
            return Servers.Any(server => process.ProcessName.StartsWith(server, StringComparison.Ordinal));
    }
}
