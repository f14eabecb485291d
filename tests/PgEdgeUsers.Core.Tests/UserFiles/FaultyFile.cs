using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using static PgEdgeUsers.Core.Tests.UserFiles.InspectedFiles;
using static PgEdgeUsers.Core.Tests.UserFiles.UserTexts;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A finding, and a file that has only this finding.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Line">Its line; null for a finding about the file.</param>
/// <param name="User">Its user.</param>
/// <param name="Says">Part of its message.</param>
/// <param name="Text">The text of the file; null for a missing file.</param>
/// <param name="HasRemedy">Whether it says what to do.</param>
/// <param name="CanRepair">Whether it can be repaired.</param>
/// <param name="At">Prepares the file and returns its location, or null if this machine does not allow that.</param>
internal sealed record FaultyFile(
    FindingKind Kind,
    FindingSeverity Severity,
    int? Line,
    string? User,
    string Says,
    string? Text,
    bool HasRemedy = true,
    bool CanRepair = false,
    Func<TestFolder, UserFileLocation?>? At = null)
{
    /// <summary>At least one file for each kind of finding, by the name of its fault.</summary>
    public static Dictionary<string, FaultyFile> All { get; } = new()
    {
        ["no file"] = new(FindingKind.FileMissing, Error, null, null, "There is no user file '", null),
        ["mode 0644"] = new(
            FindingKind.ModeTooWide, Warning, null, null, "mode is 0644", Good, CanRepair: true,
            At: folder => WithMode(folder, folder.File, 0x1A4)),
        ["mode 0620"] = new(
            FindingKind.ModeTooWide, Warning, null, null, "mode is 0620", Good, CanRepair: true,
            At: folder => WithMode(folder, folder.File, 0x190)),
        ["folder 0777"] = new(
            FindingKind.FolderTooWide, Warning, null, null, "is 0777: accounts other than its owner may replace", Good,
            At: folder => WithMode(folder, folder.Path, 0x1FF)),
        ["folder 0770"] = new(
            FindingKind.FolderTooWide, Warning, null, null, "is 0770: accounts other than its owner may replace", Good,
            At: folder => WithMode(folder, folder.Path, 0x1F8)),
        ["another's file"] = new(
            FindingKind.OwnerDiffers, Information, null, null, "The file belongs to 12345, its folder to root", Good,
            At: GivenAway),
        ["folder of another account"] = new(
            FindingKind.FolderShared, Warning, null, null,
            "belongs to 12345, who may replace the user file, which belongs to root", Good, At: InFolderGivenAway),
        ["sticky folder for all"] = new(
            FindingKind.FolderShared, Warning, null, null,
            "is 1777: others cannot replace the user file, but they can create files next to it", Good,
            At: folder => WithMode(folder, folder.Path, 0x3FF)),
        ["sticky folder for the group"] = new(
            FindingKind.FolderShared, Warning, null, null, "is 1770: others", Good,
            At: folder => WithMode(folder, folder.Path, 0x3F8)),
        ["lock of another account"] = new(
            FindingKind.SidecarOwnerDiffers, Warning, null, null,
            "/users.yaml.lock' belongs to 12345, but the user file to root", Good,
            At: folder => WithSidecarOfAnother(folder, ".lock")),
        ["old audit file of another account"] = new(
            FindingKind.SidecarOwnerDiffers, Warning, null, null, "/users.yaml.audit.jsonl.2' belongs to 12345", Good,
            At: folder => WithSidecarOfAnother(folder, ".audit.jsonl.2")),
        ["permissive sessions file"] = new(
            FindingKind.SidecarTooWide, Warning, null, null, "/users.yaml.sessions.json' is 0644", Good,
            At: folder => WithSidecar(folder, ".sessions.json", path => Machine.SetMode(path, 0x1A4))),
        ["permissive history"] = new(
            FindingKind.SidecarTooWide, Warning, null, null, "/users.yaml.history.jsonl' is 0660", Good,
            At: folder => WithSidecar(folder, ".history.jsonl", path => Machine.SetMode(path, 0x1B0))),
        ["audit file with a second name"] = new(
            FindingKind.SidecarNotPlain, Error, null, null,
            "/users.yaml.audit.jsonl' has another hard link (2 in total)", Good,
            At: folder => WithSidecar(folder, ".audit.jsonl", path => Native.Link(path, folder["other"]))),
        ["linked lock"] = new(
            FindingKind.SidecarNotPlain, Error, null, null, "/users.yaml.lock' is a symbolic link, not a file", Good,
            At: folder => WithLinkedSidecar(folder, ".lock")),
        ["pipe as audit file"] = new(
            FindingKind.SidecarNotPlain, Error, null, null, "/users.yaml.audit.jsonl' is a named pipe", Good,
            At: WithPipe),
        ["relative setting"] = new(
            FindingKind.PathNotReloaded, Warning, null, null, "has the path as 'etc/users.yaml'", Good,
            At: folder => Located(folder) with { Setting = "etc/users.yaml" }),
        ["setting with //"] = new(
            FindingKind.PathNotReloaded, Warning, null, null, "has the path as '/", Good,
            At: folder => Located(folder) with { Setting = folder.Path + "//users.yaml" }),
        ["link"] = new(FindingKind.PathNotReloaded, Warning, null, null, "is a symbolic link to '", Good, At: Linked),
        ["tab before a user"] = Refused(
            2, "there is a tab in the indentation", Good.Replace("    alice", "\talice", StringComparison.Ordinal)),
        ["tab before a field"] = Refused(
            6, "there is a tab in the indentation",
            Good.Replace("        last_login", "\tlast_login", StringComparison.Ordinal)),
        ["tab after spaces"] = Refused(
            6, "there is a tab in the indentation",
            Good.Replace("        last_login", "    \tlast_login", StringComparison.Ordinal)),
        ["tab after a quoted value"] = Refused(
            4, "there is a tab in the indentation",
            Good.Replace("username: alice\n        ", "username: 'alice'\n\t", StringComparison.Ordinal)),
        ["tab after empty lines"] = Refused(
            6, "there is a tab in the indentation",
            Good.Replace("username: alice\n        ", "username: alice\n\n\n\t", StringComparison.Ordinal)),
        ["tab, CRLF and a mark"] = Refused(
            6, "there is a tab in the indentation",
            "\uFEFF" + Good.Replace("        last_login", "\tlast_login", StringComparison.Ordinal)
                .ReplaceLineEndings("\r\n")),
        ["user twice"] = Refused(10, "the key 'alice' appears twice", Good + Good["users:\n".Length..]),
        ["cut off"] = Refused(
            2, "appears to be truncated", Good[..Good.IndexOf("        annotation", StringComparison.Ordinal)]),
        ["bad time"] = Refused(
            5, "'created_at' of user 'alice' must be a time",
            Good.Replace("2025-01-02T03:04:05Z", "2025-01-02T03:04:05", StringComparison.Ordinal)),
        ["no mapping"] = Refused(1, "'users' is not a mapping", "users: [alice]\n"),
        ["empty entry"] = new(
            FindingKind.NullEntry, Error, 10, "bob", "User 'bob' has no fields", Good + "    bob:\n", CanRepair: true),
        ["null entry"] = new(
            FindingKind.NullEntry, Error, 2, "b\eb", @"User 'b\u{1B}b' has no fields",
            Good.Replace("users:\n", "users:\n    \"b\\eb\": null # gone\n", StringComparison.Ordinal),
            CanRepair: true),
        ["null entry in braces"] = new(
            FindingKind.NullEntry, Error, 1, "bob", "User 'bob' has no fields", "users: {bob: ~}\n", CanRepair: true),
        ["other username"] = new(
            FindingKind.KeyDiffersFromUsername, Warning, 2, "alice", "is 'Alice', but sign-in uses 'alice'",
            Good.Replace("username: alice", "username: Alice", StringComparison.Ordinal), CanRepair: true),
        ["no username"] = new(
            FindingKind.KeyDiffersFromUsername, Warning, 2, "alice", "is '', but sign-in uses 'alice'",
            Good.Replace("username: alice", "username:", StringComparison.Ordinal), CanRepair: true),
        ["no enabled"] = new(
            FindingKind.MissingField, Warning, 2, "alice", "has no enabled; without 'enabled' the user is disabled",
            Without("enabled"), CanRepair: true),
        ["no count"] = new(
            FindingKind.MissingField, Warning, 2, "alice", "has no failed_attempts.",
            Without("failed_attempts") + "        role: admin\n" + Another("bob"), CanRepair: true),
        ["two fields"] = new(
            FindingKind.MissingField, Warning, 2, "alice", "has no created_at, annotation.",
            Without("created_at", "annotation"), CanRepair: true),
        ["cost 4"] = new(
            FindingKind.WeakHashCost, Warning, 2, "alice", "has cost 4; the cost should be 12",
            WithHash("$2a$04$" + Digest)),
        ["cost 11 of another kind"] = new(
            FindingKind.WeakHashCost, Warning, 2, "alice", "has cost 11; the cost should be 12",
            WithHash("$2y$11$" + Digest)),
        ["cost 13"] = new(
            FindingKind.HighHashCost, Information, 2, "alice",
            "has cost 13: each sign-in takes 2 times as long as with cost 12", WithHash("$2b$13$" + Digest)),
        ["cost 15"] = new(
            FindingKind.HighHashCost, Information, 2, "alice",
            "has cost 15: each sign-in takes 8 times as long as with cost 12", WithHash("$2a$15$" + Digest)),
        ["cost 16"] = new(
            FindingKind.HighHashCost, Warning, 2, "alice",
            "has cost 16: each sign-in takes 16 times as long as with cost 12", WithHash("$2a$16$" + Digest)),
        ["cost 31"] = new(
            FindingKind.HighHashCost, Warning, 2, "alice",
            "has cost 31: each sign-in takes 524288 times as long as with cost 12", WithHash("$2a$31$" + Digest)),
        ["empty hash"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("\"\"")),
        ["null hash"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("null")),
        ["short hash"] = new(
            FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash(Sample.Hash[..^1])),
        ["hash of another kind"] = new(
            FindingKind.MalformedHash, Error, 2, "alice", "no password matches",
            WithHash("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + Digest)),
        ["hash of a newer kind"] = new(
            FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$3a$12$" + Digest)),
        ["cost 3"] = new(
            FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$2a$03$" + Digest)),
        ["cost 32"] = new(
            FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$2a$32$" + Digest)),
        ["other case"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "Alice", "The names 'alice', 'Alice' look alike",
            Good + Another("Alice")),
        ["other composition"] = new(
            FindingKind.NamesLookAlike, Warning, 18, "Zoe\u0308", "The names 'Zoë', 'Zoe\u0308' look alike",
            Good + Another("Zoë") + Another("Zoe\u0308")),
        ["disabled with failures"] = new(
            FindingKind.DisabledByLockout, Information, 2, "alice", "is disabled and has 5 failed sign-ins",
            Good.Replace("enabled: true", "enabled: false", StringComparison.Ordinal)
                .Replace("failed_attempts: 0", "failed_attempts: 5", StringComparison.Ordinal)),
        ["other whitespace at the end"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "alice ", "The names 'alice', 'alice ' look alike",
            Good + AnotherQuoted("alice ")),
        ["other whitespace at the beginning"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "\u00A0alice", "look alike", Good + AnotherQuoted("\u00A0alice")),
        ["zero-width space"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "al\u200Bice", @"The names 'alice', 'al\u{200B}ice' look alike",
            Good + AnotherQuoted("al\u200Bice")),
        ["variation selector"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "alice\uFE0F", "look alike", Good + AnotherQuoted("alice\uFE0F")),
        ["soft hyphen and other case"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "AL\u00ADICE", "look alike", Good + AnotherQuoted("AL\u00ADICE")),
        ["full width"] = new(
            FindingKind.NamesLookAlike, Warning, 10, "ａlice", "look alike", Good + AnotherQuoted("ａlice")),
        ["whitespace alone"] = new(
            FindingKind.HiddenCharacters, Warning, 10, "bob ", "The user name 'bob ' begins or ends with whitespace",
            Good + AnotherQuoted("bob ")),
        ["joiner"] = new(
            FindingKind.HiddenCharacters, Warning, 10, "b\u200Dob", @"The user name 'b\u{200D}ob' begins",
            Good + AnotherQuoted("b\u200Dob")),
        ["empty name"] = new(
            FindingKind.EmptyName, Warning, 10, "", "The user name '' is empty", Good + AnotherQuoted("")),
        ["blank name"] = new(
            FindingKind.EmptyName, Warning, 10, " \u200B", "is empty or invisible",
            Good + AnotherQuoted(" \u200B")),
        ["no sign-in"] = new(
            FindingKind.NeverSignedIn, Information, 2, "alice", "has never signed in", Sample.Alice, HasRemedy: false),
    };

    /// <summary>The lines of another user, whose name is written with escapes.</summary>
    private static string AnotherQuoted(string name) =>
        Another("\"" + string.Concat(name.Select(c => c < 0x7F ? $"{c}" : $"\\u{(int)c:X4}")) + "\"");

    private static FaultyFile Refused(int line, string says, string text) =>
        new(FindingKind.ContentRefused, Error, line, null, says, text);
}
