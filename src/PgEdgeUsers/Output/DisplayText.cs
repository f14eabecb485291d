using System.Globalization;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>Text for the module's views.</summary>
public static class DisplayText
{
    /// <summary>Text from the user file with control, bidirectional and other unseen characters made visible.</summary>
    public static string Visible(string? text) => VisibleText.Of(text ?? "");

    /// <summary>A time to the minute, the same in every culture.</summary>
    /// <param name="time">A time, in the zone in which it is to be shown.</param>
    /// <param name="none">What to show when there is none.</param>
    public static string Time(DateTime? time, string none) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? none;

    /// <summary>
    /// A status, coloured where it is not the usual one and goes to a terminal. The session takes the colour out again where
    /// <c>NO_COLOR</c> or <c>$PSStyle.OutputRendering</c> says so; out of what is redirected it does not.
    /// </summary>
    public static string Status(string? status) =>
        status == nameof(PgEdgeUserStatus.Disabled) && !Console.IsOutputRedirected ? $"\u001b[33m{status}\u001b[0m" : $"{status,-8}";
}
