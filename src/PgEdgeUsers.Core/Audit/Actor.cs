using System.Globalization;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Audit;

/// <summary>
/// Determines who makes a change: the person who logged in and, if different, the account of the process: <c>carla as
/// root</c>.
/// </summary>
internal static class Actor
{
    /// <summary>The kernel's value for a process without a login.</summary>
    private const string NoLogin = "4294967295";

    /// <summary>The actor of this process.</summary>
    public static string Current { get; } = Of(
        Environment.UserName,
        FileSystem.Current.IsPrivileged,
        LoginUid(),
        Environment.GetEnvironmentVariable("SUDO_USER"),
        user => new FileOwner(user, 0).Name);

    /// <summary>The actor.</summary>
    /// <param name="account">The account of the process.</param>
    /// <param name="isPrivileged">Whether that is root. Only then is the variable <c>SUDO_USER</c> trusted.</param>
    /// <param name="loginUid">The content of <c>/proc/self/loginuid</c>; null if there is none.</param>
    /// <param name="sudoUser">The environment variable <c>SUDO_USER</c>.</param>
    /// <param name="nameOf">Returns the name for a user id.</param>
    internal static string Of(
        string account, bool isPrivileged, string? loginUid, string? sudoUser, Func<uint, string> nameOf)
    {
        var person = loginUid is not null and not NoLogin
            && uint.TryParse(loginUid, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            ? nameOf(uid)
            : isPrivileged && !string.IsNullOrEmpty(sudoUser) ? sudoUser : account;
        return person == account ? account : $"{VisibleText.BeginningOf(person)} as {account}";
    }

    private static string? LoginUid()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/loginuid").Trim() : null;
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return null;
        }
    }
}
