using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Looks at a user file for all that can be wrong with it, and changes nothing.</summary>
public static class UserFileInspector
{
    /// <summary>The cost at which a sign-in takes seconds, and so many of them at once the server.</summary>
    private const int SlowCost = 16;

    private static readonly string[] Companions = [".lock", ".sessions.json", ".audit.jsonl", ".audit.jsonl.lock"];

    /// <summary>Gives the findings: those about the file first, then by line.</summary>
    /// <exception cref="PgEdgeUsersException">The file is there and cannot be opened.</exception>
    public static IReadOnlyList<Finding> Inspect(UserFileLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var file = new UserFile(location.Path);
        return file.Guard(() =>
        {
            var target = file.Target();
            var snapshot = StableReader.Look(target);
            if (snapshot.Facts is not { } facts)
            {
                return [new Finding(FindingKind.FileMissing, FindingSeverity.Error, null, null,
                    $"There is no user file '{location.Path}' ({location.Reason}).", "Make it with New-PgEdgeUser, or name another with -Path.")];
            }

            var text = OfText(snapshot).ToArray();
            return (IReadOnlyList<Finding>)[.. OfFile(location, target, facts, text is [{ Kind: FindingKind.ContentRefused }]), .. text];
        });
    }

    /// <summary>The findings of a file whose text can be read.</summary>
    internal static IEnumerable<Finding> Of(UserFileLocation location, string target, FileStatus facts, UserDocument document) =>
        OfFile(location, target, facts, isRefused: false).Concat(OfDocument(document));

    private static IEnumerable<Finding> OfFile(UserFileLocation location, string target, FileStatus facts, bool isRefused)
    {
        if (facts.IsWide)
        {
            // What cannot be read is not touched, not even its mode: it may be another file.
            yield return new Finding(FindingKind.ModeTooWide, FindingSeverity.Warning, null, null,
                $"The file's mode is {facts.ModeText}: its group or others have access to password hashes.",
                isRefused ? "Make it 0600." : "Make it 0600; Repair-PgEdgeUserFile does so.", CanRepair: !isRefused);
        }

        if (FileStatus.Of(Path.GetDirectoryName(target)!) is { } folder)
        {
            if ((folder.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 && (folder.Mode & UnixFileMode.StickyBit) == 0 && !OperatingSystem.IsWindows())
            {
                yield return new Finding(FindingKind.FolderTooWide, FindingSeverity.Warning, null, null,
                    $"The mode of the folder '{Path.GetDirectoryName(target)}' is {folder.ModeText}: others than its owner may replace the user file.",
                    "Take write access from group and others.");
            }

            if (facts.User != folder.User)
            {
                yield return new Finding(FindingKind.OwnerDiffers, FindingSeverity.Information, null, null,
                    $"The file belongs to {facts.Owner}, its folder to {folder.Owner}.",
                    "Make sure that the server runs as the owner of the file.");
            }
        }

        var strangers = Companions.Select(suffix => target + suffix).Where(path => FileStatus.Of(path) is { } companion && companion.User != facts.User).ToArray();
        if (strangers.Length > 0)
        {
            yield return new Finding(FindingKind.CompanionOwnerDiffers, FindingSeverity.Warning, null, null,
                $"The file belongs to {facts.Owner}, but {string.Join(", ", strangers.Select(path => $"'{path}'"))} to {FileStatus.Of(strangers[0])!.Owner}: the file's owner may not change users or sign them in.",
                "Give what stands beside the file to its owner, with chown.");
        }

        if (location.Setting is { } setting && setting != location.Path)
        {
            yield return new Finding(FindingKind.PathNotReloaded, FindingSeverity.Warning, null, null,
                $"The server's setting has the path as '{VisibleText.Of(setting)}', and it watches plain absolute paths only: it would not notice changes.",
                $"Write it as '{location.Path}', or restart the server after changes.");
        }
        else if (target != location.Path)
        {
            yield return new Finding(FindingKind.PathNotReloaded, FindingSeverity.Warning, null, null,
                $"'{location.Path}' is a symbolic link to '{target}', and the server watches the link's folder only: it would not notice changes.",
                "Name the file itself in the server's setting, or restart the server after changes.");
        }
    }

    private static IEnumerable<Finding> OfText(UserFileSnapshot snapshot)
    {
        try
        {
            return OfDocument(UserDocument.ParseWithNullEntries(DocumentText.Decode(snapshot.Bytes)));
        }
        catch (DocumentException e)
        {
            return [new Finding(FindingKind.ContentRefused, FindingSeverity.Error, e.Line, null, $"Nothing in the file can be used: {e.Message}.", e.Remedy)];
        }
    }

    private static IEnumerable<Finding> OfDocument(UserDocument document) =>
        document.NullEntries.Select(OfNullEntry).Concat(document.Entries.SelectMany(OfEntry)).Concat(OfNames(document)).OrderBy(f => f.Line);

    private static Finding OfNullEntry(NullEntry entry) => new(
        FindingKind.NullEntry, FindingSeverity.Error, entry.Line, entry.Name,
        $"User '{VisibleText.Of(entry.Name)}' has nothing in it, which makes the server crash.",
        "Restore the user's fields, or remove the line; Repair-PgEdgeUserFile does so.", CanRepair: true);

    private static IEnumerable<Finding> OfEntry(UserEntry entry)
    {
        var account = entry.Account;
        var who = $"user '{VisibleText.Of(account.Name)}'";
        if (account.DisplayName != account.Name && !entry[AccountField.Username].IsMissing)
        {
            yield return On(FindingKind.KeyDiffersFromUsername, FindingSeverity.Warning,
                $"The username of {who} is '{VisibleText.Of(account.DisplayName)}', but sign-in uses '{VisibleText.Of(account.Name)}'.",
                "Write the same name; Repair-PgEdgeUserFile does so.", canRepair: true);
        }

        var missing = AccountField.All.Where(field => entry[field].IsMissing).Select(field => field.Key).ToArray();
        if (missing.Length > 0)
        {
            yield return On(FindingKind.MissingField, FindingSeverity.Warning,
                $"The {who} has no {string.Join(", ", missing)}{(entry[AccountField.Enabled].IsMissing ? "; without 'enabled' the user is disabled" : "")}.",
                "Write the fields out; Repair-PgEdgeUserFile does so.", canRepair: true);
        }

        if (!PasswordHash.IsWellFormed(account.PasswordHash))
        {
            yield return On(FindingKind.MalformedHash, FindingSeverity.Error,
                $"The {who} has no usable password hash: no password matches.", "Set a new password with Set-PgEdgeUser.");
        }
        else if (PasswordHash.CostOf(account.PasswordHash) is < PasswordHash.Cost and var low)
        {
            yield return On(FindingKind.WeakHashCost, FindingSeverity.Warning,
                $"The password hash of {who} has cost {low}; {PasswordHash.Cost} is needed.", "Set the password anew with Set-PgEdgeUser.");
        }
        else if (PasswordHash.CostOf(account.PasswordHash) is > PasswordHash.Cost and var high)
        {
            yield return On(FindingKind.HighHashCost, high < SlowCost ? FindingSeverity.Information : FindingSeverity.Warning,
                $"The password hash of {who} has cost {high}: each sign-in takes {1 << (high - PasswordHash.Cost)} times as long as at {PasswordHash.Cost}.",
                "Set the password anew with Set-PgEdgeUser.");
        }

        if (!account.Enabled && account.FailedAttempts > 0)
        {
            yield return On(FindingKind.DisabledByLockout, FindingSeverity.Information,
                $"The {who} is disabled and has {account.FailedAttempts} failed sign-ins: probably a lockout.", "Enable-PgEdgeUser ends it.");
        }

        if (account.LastLogin is null)
            yield return On(FindingKind.NeverSignedIn, FindingSeverity.Information, $"The {who} has never signed in.", "");

        Finding On(FindingKind kind, FindingSeverity severity, string message, string remedy, bool canRepair = false) =>
            new(kind, severity, entry.Line, account.Name, message, remedy, canRepair);
    }

    private static IEnumerable<Finding> OfNames(UserDocument document)
    {
        foreach (var alike in document.Entries.GroupBy(e => UserName.ConfusionKey(e.Account.Name), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var names = string.Join(", ", alike.Select(e => $"'{VisibleText.Of(e.Account.Name)}'"));
            foreach (var entry in alike.Skip(1))
            {
                yield return new Finding(FindingKind.NamesLookAlike, FindingSeverity.Warning, entry.Line, entry.Account.Name,
                    $"The names {names} differ only in case or in the form of their characters.", "Remove the account that is not needed.");
            }
        }
    }
}
