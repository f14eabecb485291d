using System.Management.Automation;

namespace PgEdgeUsers;

/// <summary>Reads the status of an account in the forms that objects and CSV files use.</summary>
internal static class AccountStatus
{
    /// <summary>
    /// The status that the properties <c>Status</c>, <c>Enabled</c> and <c>Disabled</c> of an object agree on. A null
    /// or empty property counts as absent.
    /// </summary>
    /// <param name="value">The object.</param>
    /// <param name="status">The status; null if no property states one.</param>
    /// <returns>The problem with the properties, as the end of a sentence; null if there is none.</returns>
    public static string? Read(PSObject value, out PgEdgeUserStatus? status)
    {
        status = null;
        foreach (var name in new[] { "Status", "Enabled", "Disabled" })
        {
            if (value.Properties[name] is not { } property)
                continue;
            if (!TryRead(property.Value, out var stated))
                return $"has a property {name} that is neither Enabled nor Disabled, true nor false";
            if (name == "Disabled" && stated is { } inverted)
                stated = inverted == PgEdgeUserStatus.Enabled ? PgEdgeUserStatus.Disabled : PgEdgeUserStatus.Enabled;
            if (stated is not null && status is not null && stated != status)
                return "has properties Status, Enabled and Disabled that contradict each other";
            status ??= stated;
        }

        return null;
    }

    /// <summary>Reads a single value.</summary>
    /// <param name="value">A status, a boolean that is true if the account is enabled, or either as text.</param>
    /// <param name="status">The status; null if the value is null or empty.</param>
    /// <returns>False if the value is anything else.</returns>
    public static bool TryRead(object? value, out PgEdgeUserStatus? status)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case PgEdgeUserStatus known when Enum.IsDefined(known):
                status = known;
                return true;
            case bool or SwitchParameter:
                status = LanguagePrimitives.IsTrue(value) ? PgEdgeUserStatus.Enabled : PgEdgeUserStatus.Disabled;
                return true;
            case null:
                status = null;
                return true;
            case string text:
                status = OfText(text.Trim());
                return status is not null || string.IsNullOrWhiteSpace(text);
            default:
                status = null;
                return false;
        }
    }

    /// <summary>Parses a word for a status. A prefix is enough, as for all enumerations in PowerShell.</summary>
    private static PgEdgeUserStatus? OfText(string text)
    {
        if (text.Length == 0)
            return null;
        if (text.ToUpperInvariant() is "TRUE" or "YES"
            || "Enabled".StartsWith(text, StringComparison.OrdinalIgnoreCase))
        {
            return PgEdgeUserStatus.Enabled;
        }

        return text.ToUpperInvariant() is "FALSE" or "NO"
            || "Disabled".StartsWith(text, StringComparison.OrdinalIgnoreCase)
            ? PgEdgeUserStatus.Disabled
            : null;
    }
}
