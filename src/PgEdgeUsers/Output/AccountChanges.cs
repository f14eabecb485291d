using System.Globalization;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers;

/// <summary>Describes how an account changes, with old and new values. For a password, only that it changes.</summary>
internal static class AccountChanges
{
    /// <summary>The fields that differ.</summary>
    /// <param name="before">The account before; null if there was none.</param>
    /// <param name="after">The account after; null if it was removed.</param>
    /// <param name="setsPassword">Whether a password is set that is not in the account yet.</param>
    public static IEnumerable<string> Of(UserAccount? before, UserAccount? after, bool setsPassword = false)
    {
        if (before?.Name is { } oldName && after?.Name is { } newName && oldName != newName)
            yield return $"Username: '{oldName}' -> '{newName}'";
        if (before?.Enabled != after?.Enabled)
            yield return $"Status: {Arrow(StatusOf(before), StatusOf(after))}";
        if ((before?.Annotation ?? "") != (after?.Annotation ?? ""))
            yield return $"Annotation: {Arrow(Quoted(before), Quoted(after))}";
        if (before is not null && after is not null && (setsPassword || before.PasswordHash != after.PasswordHash))
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
