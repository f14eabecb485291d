using System.Diagnostics;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>What this machine allows a test to do. A test that may not do everything checks the rest.</summary>
internal static class Machine
{
    private static readonly Lazy<string[]?> Namespace = new(() =>
    {
        if (!OperatingSystem.IsLinux())
            return null;
        string[] own = Environment.IsPrivilegedProcess ? ["unshare", "-m"] : ["unshare", "-rm"];
        return Runs([.. own, "mount", "-t", "tmpfs", "none", "/mnt"]) ? own : null;
    });

    private static readonly Lazy<bool> Traces = new(() =>
        OperatingSystem.IsLinux() && Runs(["strace", "-o", "/dev/null", "true"]));

    public static bool IsLinuxRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public static bool HasStrace => Traces.Value;

    /// <summary>
    /// A command that runs another one in a mount namespace of its own, after some mounts. Null if this machine does
    /// not allow that.
    /// </summary>
    /// <param name="mounts">Shell commands.</param>
    public static string[]? AfterMounts(string mounts) =>
        Namespace.Value is { } own ? [.. own, "sh", "-c", $"set -e; {mounts}; exec \"$0\" \"$@\""] : null;

    public static void GiveAway(string path, uint user, uint group)
    {
        using var handle = Posix.Open(path, SidecarAccess.Read);
        Posix.ChangeOwner(handle, user, group, path);
    }

    public static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    /// <summary>Sets or clears an attribute such as append-only, for root on a file system that has it.</summary>
    public static bool SetAttribute(string attribute, string path) =>
        IsLinuxRoot && Runs(["chattr", attribute, path]);

    private static bool Runs(string[] words)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
