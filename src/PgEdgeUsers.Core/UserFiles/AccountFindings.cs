using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds problems with the users in a file.</summary>
internal static class AccountFindings
{
    /// <summary>The cost at which a sign-in takes seconds, so that many concurrent sign-ins stall the server.</summary>
    private const int SlowCost = 16;

    /// <summary>Returns the findings ordered by line.</summary>
    public static IEnumerable<Finding> Of(UserDocument document)
    {
        // The server's first release does not write this field, and reads its absence as 0.
        var isFirstGeneration = document.Entries.All(entry => entry[AccountField.FailedAttempts].IsMissing);
        return document.NullEntries.Select(OfNullEntry)
            .Concat(document.Entries.SelectMany(entry => OfEntry(entry, isFirstGeneration)))
            .Concat(NameFindings.Of(document.Entries))
            .OrderBy(finding => finding.Line);
    }

    private static Finding OfNullEntry(NullEntry entry) => new(
        FindingKind.NullEntry,
        Error,
        $"User '{VisibleText.Of(entry.Name)}' has no fields, which makes the server crash.",
        "Restore the user's fields, or remove the line.")
    {
        Line = entry.Line,
        Username = entry.Name,
        CanRepair = true,
    };

    private static IEnumerable<Finding> OfEntry(UserEntry entry, bool isFirstGeneration) =>
        new[]
            {
                OfDisplayName(entry), OfMissingFields(entry, isFirstGeneration), OfHash(entry.Account),
                OfUse(entry.Account), OfLastLogin(entry.Account),
            }
            .OfType<Finding>()
            .Select(finding => finding with { Line = entry.Line, Username = entry.Account.Name });

    private static Finding? OfDisplayName(UserEntry entry) =>
        entry.Account.DisplayName == entry.Account.Name || entry[AccountField.Username].IsMissing
            ? null
            : new Finding(
                FindingKind.KeyDiffersFromUsername,
                Warning,
                $"The username of {Named(entry.Account)} is '{VisibleText.Of(entry.Account.DisplayName)}', but sign-in "
                    + $"uses '{VisibleText.Of(entry.Account.Name)}'.",
                "Write the same name in both places.")
            {
                CanRepair = true,
            };

    private static Finding? OfMissingFields(UserEntry entry, bool isFirstGeneration)
    {
        var missing = AccountField.All.Where(field => entry[field].IsMissing).ToArray();
        if (missing.Length == 0)
            return null;
        var consequence = missing.Contains(AccountField.Enabled) ? "; without 'enabled' the user is disabled" : "";
        return new Finding(
            FindingKind.MissingField,
            isFirstGeneration && missing.All(field => field == AccountField.FailedAttempts) ? Information : Warning,
            $"The {Named(entry.Account)} has no {string.Join(", ", missing.Select(field => field.Key))}{consequence}.",
            "Write the missing fields.")
        {
            CanRepair = true,
        };
    }

    private static Finding? OfHash(UserAccount account)
    {
        if (!PasswordHash.IsWellFormed(account.PasswordHash))
        {
            return new Finding(
                FindingKind.MalformedHash,
                Error,
                $"The {Named(account)} has no usable password hash: no password matches.",
                "Set a new password.");
        }

        var cost = PasswordHash.CostOf(account.PasswordHash);
        return cost switch
        {
            < PasswordHash.Cost => new Finding(
                FindingKind.WeakHashCost,
                Warning,
                $"The password hash of {Named(account)} has cost {cost}; the cost should be {PasswordHash.Cost}.",
                "Set the password again."),
            > PasswordHash.Cost => new Finding(
                FindingKind.HighHashCost,
                cost < SlowCost ? Information : Warning,
                $"The password hash of {Named(account)} has cost {cost}: each sign-in takes "
                    + $"{1 << (cost - PasswordHash.Cost)} times as long as with cost {PasswordHash.Cost}.",
                "Set the password again."),
            _ => null,
        };
    }

    private static Finding? OfUse(UserAccount account) => account is { Enabled: false, FailedAttempts: > 0 }
        ? new Finding(
            FindingKind.DisabledByLockout,
            Information,
            $"The {Named(account)} is disabled and has {account.FailedAttempts} failed sign-ins: probably a lockout.",
            "Enable the user to unlock the account.")
        : null;

    private static Finding? OfLastLogin(UserAccount account) => account.LastLogin is null
        ? new Finding(FindingKind.NeverSignedIn, Information, $"The {Named(account)} has never signed in.", "")
        : null;

    private static string Named(UserAccount account) => $"user '{VisibleText.Of(account.Name)}'";
}
