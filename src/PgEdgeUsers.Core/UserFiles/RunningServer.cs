using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>A server process on this machine (Linux). Servers in other containers are not visible.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Account">Its effective user and group.</param>
/// <param name="Groups">All its groups.</param>
/// <param name="IsVerified">
/// Whether its program belongs to root and has the server's name. Without this check, anyone could name a process like
/// the server to be given the user file.
/// </param>
internal sealed record RunningServer(
    int ProcessId, FileOwner Account, IReadOnlyCollection<uint> Groups, bool IsVerified)
{
    private const string Processes = "/proc";

    /// <summary>The length to which the kernel truncates the name of a process.</summary>
    private const int KernelNameLength = 15;

    /// <summary>The names of the server's programs.</summary>
    private static readonly string[] Programs = ["pgedge-postgres-mcp", "pgedge-pg-mcp-svr"];

    /// <summary>All running servers.</summary>
    public static IReadOnlyList<RunningServer> All()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? [.. OtherProcesses().Where(IsServer).Select(Of).OfType<RunningServer>()]
                : [];
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return [];
        }
    }

    /// <summary>
    /// Whether a server may be watching a folder, and may therefore overwrite a new state with an old one. True if any
    /// other process watches the folder, if a server's watches cannot be inspected, or if processes are hidden.
    /// </summary>
    public static bool MayWatch(string folder)
    {
        try
        {
            return OperatingSystem.IsLinux() ? AnyWatches(folder) : Process.GetProcesses().Any(IsServer);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e) || e is Win32Exception or InvalidOperationException)
        {
            return true;
        }
    }

    private static bool AnyWatches(string folder)
    {
        // Process 1 always exists. If it is hidden, others are hidden too.
        if (FileStatus.Of(folder) is not { } status || !Directory.Exists($"{Processes}/1"))
            return true;
        var watch = $" ino:{status.Inode.ToString("x", CultureInfo.InvariantCulture)} ";
        return OtherProcesses().Any(process => Watches(process, watch) ?? IsServer(process));
    }

    private static IEnumerable<string> OtherProcesses() => Directory.EnumerateDirectories(Processes)
        .Where(process => IdOf(process) is { } id && id != Environment.ProcessId);

    private static int? IdOf(string process) =>
        int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>Whether a process watches the folder; null if the process may not be inspected.</summary>
    private static bool? Watches(string process, string watch)
    {
        try
        {
            // The links in /fd are not enumerated, because .NET would access their targets, such as a network drive
            // that does not respond.
            foreach (var descriptor in Directory.EnumerateFiles(Path.Combine(process, "fdinfo")))
            {
                var link = string.Concat(process, "/fd/", Path.GetFileName(descriptor.AsSpan()));
                if (Posix.ShortLink(link) == "anon_inode:inotify"
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
            // The process ended in the meantime.
            return false;
        }
    }

    private static bool IsServer(string process)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n');
            return Array.Exists(Programs, program => name == program[..KernelNameLength]);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return false;
        }
    }

    private static bool IsServer(Process process)
    {
        using (process)
            return Array.Exists(Programs, program => process.ProcessName.StartsWith(program, StringComparison.Ordinal));
    }

    private static RunningServer? Of(string process)
    {
        try
        {
            // Each line has four ids: real, effective, saved and file system. The last one decides about access to
            // files.
            var numbers = File.ReadLines(Path.Combine(process, "status"))
                .Select(line => line.Split([':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["Uid" or "Gid" or "Groups", ..])
                .ToDictionary(words => words[0], words => words[1..].Select(Number).ToArray(), StringComparer.Ordinal);
            var (user, group) = (numbers["Uid"][3], numbers["Gid"][3]);
            return new RunningServer(
                IdOf(process)!.Value,
                new FileOwner(user, group),
                [group, .. numbers["Groups"]],
                IsServersProgram(process + "/exe"));
        }
        catch (Exception e) when (StorageException.IsOfSystem(e) || e is FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static bool IsServersProgram(string link)
    {
        const string Deleted = " (deleted)";
        if (Posix.ShortLink(link) is not { } path)
            return false;
        var name = Path.GetFileName(path);
        name = name.EndsWith(Deleted, StringComparison.Ordinal) ? name[..^Deleted.Length] : name;
        return Array.Exists(Programs, program => name == program)
            && FileStatus.Of(link) is { User: 0, Links: <= 1 } status
            && (status.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;
    }

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
