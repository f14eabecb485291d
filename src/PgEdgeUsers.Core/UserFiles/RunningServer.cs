using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// A server that runs on this machine, as far as the system tells (Linux). Those of other containers cannot be seen.
/// </summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Account">Its effective user and group.</param>
/// <param name="Groups">All groups that it is in.</param>
/// <param name="IsVerified">
/// Whether its program is root's and has the server's name: anyone can give a process any name, and so be given a file.
/// </param>
internal sealed record RunningServer(
    int ProcessId, FileOwner Account, IReadOnlyCollection<uint> Groups, bool IsVerified)
{
    private const string Processes = "/proc";

    /// <summary>As many characters as the kernel keeps of a process's name.</summary>
    private const int KernelNameLength = 15;

    /// <summary>The server's programs.</summary>
    private static readonly string[] Programs = ["pgedge-postgres-mcp", "pgedge-pg-mcp-svr"];

    /// <summary>The servers that run.</summary>
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
    /// Whether a server may be watching a folder, and so may write an old state over a new one: any other process
    /// watches it, as the kernel lists it, or is a server whose watches may not be seen; also where processes are
    /// hidden.
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
        // The first process is always there. Where it is not shown, others are not, either.
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

    /// <summary>Whether a process has the folder's watch; null where the process may not be looked at.</summary>
    private static bool? Watches(string process, string watch)
    {
        try
        {
            // Not the links themselves: .NET looks where each leads, which can be a network drive that does not answer.
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
            // It ended while it was looked at.
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
            // Of the four numbers (real, effective, saved, file system) those for files count when files are opened.
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
