using System.Globalization;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;

namespace PgEdgeUsers;

/// <summary>A recorded change of a user. It has no password hash.</summary>
public sealed class PgEdgeUserHistory
{
    internal PgEdgeUserHistory(HistoryRecord record, string path)
    {
        Time = record.Time.ToLocalTime();
        Username = record.Username;
        Event = record.Event.ToString();
        Changes = [.. ChangesOf(record)];
        Actor = record.Actor;
        Reason = record.Reason;
        Path = path;
    }

    /// <summary>When the change was made, in local time.</summary>
    public DateTime Time { get; }

    /// <summary>The name of the user after the change; of a removed user, the name that it had.</summary>
    public string Username { get; }

    /// <summary>What was done: Added, Changed, Renamed, Removed or Restored.</summary>
    public string Event { get; }

    /// <summary>What changed, from what to what; of passwords only that they changed.</summary>
    public string[] Changes { get; }

    /// <summary>The person who made the change and, if it differs, the account: <c>carla as root</c>.</summary>
    public string Actor { get; }

    /// <summary>Why the change was made; empty if no reason was given.</summary>
    public string Reason { get; }

    /// <summary>The user file.</summary>
    public string Path { get; }

    /// <summary>What happened and to whom.</summary>
    public override string ToString() => $"{Event} {VisibleText.Of(Username)}";

    private static IEnumerable<string> ChangesOf(HistoryRecord record)
    {
        var (before, after) = (record.Before, record.After);
        if (before?.Name is { } oldName && after?.Name is { } newName && oldName != newName)
            yield return $"Username: '{oldName}' -> '{newName}'";
        if (before?.Enabled != after?.Enabled)
            yield return $"Status: {Arrow(StatusOf(before), StatusOf(after))}";
        if ((before?.Annotation ?? "") != (after?.Annotation ?? ""))
            yield return $"Annotation: {Arrow(Quoted(before), Quoted(after))}";
        if (before is not null && after is not null && before.PasswordHash != after.PasswordHash)
            yield return "Password: changed";
        if (before is not null && after is not null && before.FailedAttempts != after.FailedAttempts)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"FailedAttempts: {before.FailedAttempts} -> {after.FailedAttempts}");
        }
    }

    private static string? StatusOf(UserAccount? account) =>
        account is null ? null : account.Enabled ? nameof(PgEdgeUserStatus.Enabled) : nameof(PgEdgeUserStatus.Disabled);

    private static string? Quoted(UserAccount? account) =>
        account is null ? null : $"'{VisibleText.Of(account.Annotation)}'";

    private static string Arrow(string? before, string? after) =>
        before is null ? after! : after is null ? before : $"{before} -> {after}";
}
