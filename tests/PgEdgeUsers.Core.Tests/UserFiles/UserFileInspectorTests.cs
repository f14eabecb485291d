using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using static PgEdgeUsers.Core.Tests.UserFiles.InspectedFiles;
using static PgEdgeUsers.Core.Tests.UserFiles.UserTexts;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>All that can be wrong with a user file is found, each by its line, and nothing else.</summary>
public sealed class UserFileInspectorTests : IDisposable
{
    private const FindingSeverity Information = FindingSeverity.Information;
    private const FindingSeverity Warning = FindingSeverity.Warning;
    private const FindingSeverity Error = FindingSeverity.Error;

    /// <summary>For each kind, files in which it is the only finding.</summary>
    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["no file"] = new(FindingKind.FileMissing, Error, null, null, "There is no user file '", null),
        ["mode 0644"] = new(FindingKind.ModeTooWide, Warning, null, null, "mode is 0644", Good, CanRepair: true, At: folder => WithMode(folder, folder.File, 0x1A4)),
        ["mode 0620"] = new(FindingKind.ModeTooWide, Warning, null, null, "mode is 0620", Good, CanRepair: true, At: folder => WithMode(folder, folder.File, 0x190)),
        ["folder 0777"] = new(FindingKind.FolderTooWide, Warning, null, null, "is 0777: accounts other than its owner may replace", Good, At: folder => WithMode(folder, folder.Path, 0x1FF)),
        ["folder 0770"] = new(FindingKind.FolderTooWide, Warning, null, null, "is 0770: accounts other than its owner may replace", Good, At: folder => WithMode(folder, folder.Path, 0x1F8)),
        ["another's file"] = new(FindingKind.OwnerDiffers, Information, null, null, "The file belongs to 12345, its folder to root", Good, At: GivenAway),
        ["folder of another account"] = new(FindingKind.FolderShared, Warning, null, null, "belongs to 12345, who may replace the user file, which belongs to root", Good, At: InFolderGivenAway),
        ["sticky folder for all"] = new(FindingKind.FolderShared, Warning, null, null, "is 1777: others cannot replace the user file, but they can create files next to it", Good, At: folder => WithMode(folder, folder.Path, 0x3FF)),
        ["sticky folder for the group"] = new(FindingKind.FolderShared, Warning, null, null, "is 1770: others", Good, At: folder => WithMode(folder, folder.Path, 0x3F8)),
        ["lock of another account"] = new(FindingKind.SidecarOwnerDiffers, Warning, null, null, "/users.yaml.lock' belongs to 12345, but the user file to root", Good, At: folder => WithSidecarOfAnother(folder, ".lock")),
        ["old audit file of another account"] = new(FindingKind.SidecarOwnerDiffers, Warning, null, null, "/users.yaml.audit.jsonl.2' belongs to 12345", Good, At: folder => WithSidecarOfAnother(folder, ".audit.jsonl.2")),
        ["permissive sessions file"] = new(FindingKind.SidecarTooWide, Warning, null, null, "/users.yaml.sessions.json' is 0644", Good, At: folder => WithSidecar(folder, ".sessions.json", path => Machine.SetMode(path, 0x1A4))),
        ["permissive history"] = new(FindingKind.SidecarTooWide, Warning, null, null, "/users.yaml.history.jsonl' is 0660", Good, At: folder => WithSidecar(folder, ".history.jsonl", path => Machine.SetMode(path, 0x1B0))),
        ["audit file with a second name"] = new(FindingKind.SidecarNotPlain, Error, null, null, "/users.yaml.audit.jsonl' also has another name (it has 2 links)", Good, At: folder => WithSidecar(folder, ".audit.jsonl", path => Native.Link(path, folder["other"]))),
        ["linked lock"] = new(FindingKind.SidecarNotPlain, Error, null, null, "/users.yaml.lock' is a symbolic link, not a file", Good, At: folder => WithLinkedSidecar(folder, ".lock")),
        ["pipe as audit file"] = new(FindingKind.SidecarNotPlain, Error, null, null, "/users.yaml.audit.jsonl' is a named pipe", Good, At: WithPipe),
        ["relative setting"] = new(FindingKind.PathNotReloaded, Warning, null, null, "has the path as 'etc/users.yaml'", Good, At: folder => Located(folder) with { Setting = "etc/users.yaml" }),
        ["setting with //"] = new(FindingKind.PathNotReloaded, Warning, null, null, "has the path as '/", Good, At: folder => Located(folder) with { Setting = folder.Path + "//users.yaml" }),
        ["link"] = new(FindingKind.PathNotReloaded, Warning, null, null, "is a symbolic link to '", Good, At: Linked),
        ["tab before a user"] = Refused(2, "there is a tab in the indentation", Good.Replace("    alice", "\talice", StringComparison.Ordinal)),
        ["tab before a field"] = Refused(6, "there is a tab in the indentation", Good.Replace("        last_login", "\tlast_login", StringComparison.Ordinal)),
        ["tab behind blanks"] = Refused(6, "there is a tab in the indentation", Good.Replace("        last_login", "    \tlast_login", StringComparison.Ordinal)),
        ["tab after a quoted value"] = Refused(4, "there is a tab in the indentation", Good.Replace("username: alice\n        ", "username: 'alice'\n\t", StringComparison.Ordinal)),
        ["tab after empty lines"] = Refused(6, "there is a tab in the indentation", Good.Replace("username: alice\n        ", "username: alice\n\n\n\t", StringComparison.Ordinal)),
        ["tab, CRLF and a mark"] = Refused(6, "there is a tab in the indentation", "\uFEFF" + Good.Replace("        last_login", "\tlast_login", StringComparison.Ordinal).ReplaceLineEndings("\r\n")),
        ["user twice"] = Refused(10, "the key 'alice' appears twice", Good + Good["users:\n".Length..]),
        ["cut off"] = Refused(2, "looks cut off", Good[..Good.IndexOf("        annotation", StringComparison.Ordinal)]),
        ["bad time"] = Refused(5, "'created_at' of user 'alice' must be a time", Good.Replace("2025-01-02T03:04:05Z", "2025-01-02T03:04:05", StringComparison.Ordinal)),
        ["no mapping"] = Refused(1, "'users' is not a mapping", "users: [alice]\n"),
        ["empty entry"] = new(FindingKind.NullEntry, Error, 10, "bob", "User 'bob' has no fields", Good + "    bob:\n", CanRepair: true),
        ["null entry"] = new(FindingKind.NullEntry, Error, 2, "b\eb", @"User 'b\u{1B}b' has no fields", Good.Replace("users:\n", "users:\n    \"b\\eb\": null # gone\n", StringComparison.Ordinal), CanRepair: true),
        ["null entry in braces"] = new(FindingKind.NullEntry, Error, 1, "bob", "User 'bob' has no fields", "users: {bob: ~}\n", CanRepair: true),
        ["other username"] = new(FindingKind.KeyDiffersFromUsername, Warning, 2, "alice", "is 'Alice', but sign-in uses 'alice'", Good.Replace("username: alice", "username: Alice", StringComparison.Ordinal), CanRepair: true),
        ["no username"] = new(FindingKind.KeyDiffersFromUsername, Warning, 2, "alice", "is '', but sign-in uses 'alice'", Good.Replace("username: alice", "username:", StringComparison.Ordinal), CanRepair: true),
        ["no enabled"] = new(FindingKind.MissingField, Warning, 2, "alice", "has no enabled; without 'enabled' the user is disabled", Without("enabled"), CanRepair: true),
        ["no count"] = new(FindingKind.MissingField, Warning, 2, "alice", "has no failed_attempts.", Without("failed_attempts") + "        role: admin\n" + Another("bob"), CanRepair: true),
        ["two fields"] = new(FindingKind.MissingField, Warning, 2, "alice", "has no created_at, annotation.", Without("created_at", "annotation"), CanRepair: true),
        ["cost 4"] = new(FindingKind.WeakHashCost, Warning, 2, "alice", "has cost 4; 12 is needed", WithHash("$2a$04$" + Digest)),
        ["cost 11 of another kind"] = new(FindingKind.WeakHashCost, Warning, 2, "alice", "has cost 11; 12 is needed", WithHash("$2y$11$" + Digest)),
        ["cost 13"] = new(FindingKind.HighHashCost, Information, 2, "alice", "has cost 13: each sign-in takes 2 times as long as at 12", WithHash("$2b$13$" + Digest)),
        ["cost 15"] = new(FindingKind.HighHashCost, Information, 2, "alice", "has cost 15: each sign-in takes 8 times as long as at 12", WithHash("$2a$15$" + Digest)),
        ["cost 16"] = new(FindingKind.HighHashCost, Warning, 2, "alice", "has cost 16: each sign-in takes 16 times as long as at 12", WithHash("$2a$16$" + Digest)),
        ["cost 31"] = new(FindingKind.HighHashCost, Warning, 2, "alice", "has cost 31: each sign-in takes 524288 times as long as at 12", WithHash("$2a$31$" + Digest)),
        ["empty hash"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("\"\"")),
        ["null hash"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("null")),
        ["short hash"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash(Sample.Hash[..^1])),
        ["hash of another kind"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + Digest)),
        ["hash of a newer kind"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$3a$12$" + Digest)),
        ["cost 3"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$2a$03$" + Digest)),
        ["cost 32"] = new(FindingKind.MalformedHash, Error, 2, "alice", "no password matches", WithHash("$2a$32$" + Digest)),
        ["other case"] = new(FindingKind.NamesLookAlike, Warning, 10, "Alice", "The names 'alice', 'Alice' look alike", Good + Another("Alice")),
        ["other composition"] = new(FindingKind.NamesLookAlike, Warning, 18, "Zoe\u0308", "The names 'Zoë', 'Zoe\u0308' look alike", Good + Another("Zoë") + Another("Zoe\u0308")),
        ["disabled with failures"] = new(FindingKind.DisabledByLockout, Information, 2, "alice", "is disabled and has 5 failed sign-ins", Good.Replace("enabled: true", "enabled: false", StringComparison.Ordinal).Replace("failed_attempts: 0", "failed_attempts: 5", StringComparison.Ordinal)),
        ["other whitespace at the end"] = new(FindingKind.NamesLookAlike, Warning, 10, "alice ", "The names 'alice', 'alice ' look alike", Good + AnotherQuoted("alice ")),
        ["other whitespace at the beginning"] = new(FindingKind.NamesLookAlike, Warning, 10, "\u00A0alice", "look alike", Good + AnotherQuoted("\u00A0alice")),
        ["zero-width space"] = new(FindingKind.NamesLookAlike, Warning, 10, "al\u200Bice", @"The names 'alice', 'al\u{200B}ice' look alike", Good + AnotherQuoted("al\u200Bice")),
        ["variation selector"] = new(FindingKind.NamesLookAlike, Warning, 10, "alice\uFE0F", "look alike", Good + AnotherQuoted("alice\uFE0F")),
        ["soft hyphen and other case"] = new(FindingKind.NamesLookAlike, Warning, 10, "AL\u00ADICE", "look alike", Good + AnotherQuoted("AL\u00ADICE")),
        ["full width"] = new(FindingKind.NamesLookAlike, Warning, 10, "ａlice", "look alike", Good + AnotherQuoted("ａlice")),
        ["whitespace alone"] = new(FindingKind.HiddenCharacters, Warning, 10, "bob ", "The user name 'bob ' begins or ends with whitespace", Good + AnotherQuoted("bob ")),
        ["joiner"] = new(FindingKind.HiddenCharacters, Warning, 10, "b\u200Dob", @"The user name 'b\u{200D}ob' begins", Good + AnotherQuoted("b\u200Dob")),
        ["empty name"] = new(FindingKind.EmptyName, Warning, 10, "", "The user name '' is empty", Good + AnotherQuoted("")),
        ["blank name"] = new(FindingKind.EmptyName, Warning, 10, " \u200B", "nothing of it can be seen", Good + AnotherQuoted(" \u200B")),
        ["no sign-in"] = new(FindingKind.NeverSignedIn, Information, 2, "alice", "has never signed in", Sample.Alice, HasRemedy: false),
    };

    private readonly TestFolder _folder = new();

    public static TheoryData<string> RowNames => [.. Rows.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RowNames))]
    public void What_is_wrong_is_found_and_nothing_else(string name)
    {
        var row = Rows[name];
        if (row.Text is not null)
            _folder.Write(row.Text);
        if ((row.At ?? Located)(_folder) is not { } location)
            return;

        var finding = Assert.Single(Inspect(location));

        Assert.Equal((row.Kind, row.Severity, row.Line, row.User, row.CanRepair), (finding.Kind, finding.Severity, finding.Line, finding.Username, finding.CanRepair));
        Assert.Contains(row.Says, finding.Message, StringComparison.Ordinal);
        Assert.Matches(@"^\S.*\.$", finding.Message);
        Assert.Matches(row.HasRemedy ? @"^\S.*\.$" : "^$", finding.Remedy);
        Assert.DoesNotContain("-PgEdge", $"{finding}", StringComparison.Ordinal);
        Assert.DoesNotContain(Digest, $"{finding}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$2a$12$")]
    [InlineData("$2b$12$")]
    [InlineData("$2y$12$")]
    [InlineData("$2x$12$")]
    [InlineData("$2$12$")]
    public void A_hash_that_the_server_checks_is_fine(string settings)
    {
        _folder.Write(WithHash(settings + Digest));

        Assert.Empty(Inspect());
    }

    [Fact]
    public void An_enabled_user_with_failed_sign_ins_is_not_locked_out()
    {
        _folder.Write(Good.Replace("failed_attempts: 0", "failed_attempts: 5", StringComparison.Ordinal));

        Assert.Empty(Inspect());
    }

    [Fact]
    public void What_the_server_writes_is_fine_but_for_what_is_true_of_it()
    {
        _folder.Write(Interop.ServerWritten);

        var findings = Inspect();

        // Most of its hashes were made at a low cost, to save time.
        Assert.Equal(
            Store.Read(Interop.ServerWritten).Users().Where(user => !user.PasswordHash.StartsWith("$2a$12$", StringComparison.Ordinal)).Select(user => (FindingKind.WeakHashCost, user.Name)),
            findings.Where(f => f.Severity >= Warning).Select(f => (f.Kind, f.Username!)));
        Assert.Equal(
            Store.Read(Interop.ServerWritten).Users().Where(user => user.LastLogin is null).Select(user => user.Name),
            findings.Where(f => f.Kind == FindingKind.NeverSignedIn).Select(f => f.Username));
        Assert.All(findings, f => Assert.Matches(@"^    \S.*:$", Interop.ServerWritten.Split('\n')[f.Line!.Value - 1]));
    }

    [Fact]
    public void Of_a_file_that_is_refused_a_repair_promises_nothing()
    {
        Machine.SetMode(_folder.Write("users: [alice]\n"), 0x1A4);

        Assert.Equal([(FindingKind.ModeTooWide, false), (FindingKind.ContentRefused, false)], Inspect().Select(f => (f.Kind, f.CanRepair)));
    }

    [Fact]
    public void Findings_about_the_file_come_first_and_the_others_by_line()
    {
        var path = _folder.Write(
            Sample.Alice.Replace("username: alice", "username: Alice", StringComparison.Ordinal) + "    bob:\n"
            + Another("ALICE").Replace(Sample.Hash, "none", StringComparison.Ordinal) + "    carol: ~\n    dave: {}\n");
        Machine.SetMode(path, 0x1B6);
        Machine.SetMode(_folder.Path, 0x1FF);

        Assert.Equal(
            [
                (FindingKind.ModeTooWide, null), (FindingKind.FolderTooWide, null),
                (FindingKind.KeyDiffersFromUsername, 2), (FindingKind.NeverSignedIn, 2),
                (FindingKind.NullEntry, 10),
                (FindingKind.MalformedHash, 11), (FindingKind.NamesLookAlike, 11),
                (FindingKind.NullEntry, 19),
                (FindingKind.MissingField, 20), (FindingKind.MalformedHash, 20), (FindingKind.NeverSignedIn, 20),
            ],
            Inspect().Where(f => !OperatingSystem.IsWindows() || f.Line is not null).Select(f => (f.Kind, f.Line)));
    }

    [Fact]
    public void Each_name_after_the_first_that_looks_like_it_is_a_finding()
    {
        _folder.Write(Good + Another("Alice") + Another("bob") + Another("ALICE"));

        var findings = Inspect();

        Assert.Equal(["Alice", "ALICE"], findings.Select(f => f.Username));
        Assert.All(findings, f => Assert.Contains("'alice', 'Alice', 'ALICE'", f.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("users: {}\n")]
    [InlineData("# nobody yet\n")]
    public void A_file_without_users_is_fine(string text)
    {
        _folder.Write(text);

        Assert.Empty(Inspect());
    }

    [Fact]
    public void A_file_that_is_a_mount_point_is_a_finding()
    {
        var source = _folder.Write(Good);
        var mounted = Path.Combine(_folder.Folder("container"), "users.yaml");
        File.WriteAllText(mounted, "");
        if (Machine.AfterMounts($"mount --bind '{source}' '{mounted}'") is not { } under)
            return;
        using var child = Child.StartAs(["inspect", mounted], under);

        Assert.Equal(["FileIsMountPoint"], child.ReadToEnd());
    }

    [Fact]
    public void A_link_of_the_user_file_itself_is_not_taken_for_a_sidecar_file()
    {
        _folder.Write(Good);
        _folder.Write("permissive", "users.yaml.locked");
        Machine.SetMode(_folder["users.yaml.locked"], 0x1A4);

        Assert.Empty(Inspect());
    }

    [Fact]
    public void In_a_file_of_the_first_release_the_missing_field_is_no_warning()
    {
        const string Fields = "last_login: 2025-02-03T04:05:06Z, created_at: 2025-01-02T03:04:05Z, enabled: true, annotation: ''";
        _folder.Write($"users: {{alice: {{username: alice, password_hash: {Sample.Hash}, {Fields}}}, bob: {{username: bob, password_hash: {Sample.Hash}, {Fields}}}}}\n");

        Assert.Equal(
            [("alice", Information, true), ("bob", Information, true)],
            Inspect().Select(f => (f.Username, f.Severity, f.CanRepair)));
    }

    [Fact]
    public void A_path_through_a_linked_folder_is_noticed_by_the_server()
    {
        _folder.Folder("real");
        _folder.Write(Good, Path.Combine("real", "users.yaml"));
        Directory.CreateSymbolicLink(_folder["alias"], _folder["real"]);
        var path = Path.Combine(_folder["alias"], "users.yaml");

        Assert.Empty(Inspect(new UserFileLocation(path, "test", Setting: path)));
    }

    [Theory]
    [MemberData(nameof(RowNames))]
    public void Nothing_is_changed(string name)
    {
        var row = Rows[name];
        if (row.Text is not null)
            _folder.Write(row.Text);
        var location = (row.At ?? Located)(_folder) ?? Located(_folder);
        var before = State();

        Inspect(location);

        Assert.Equal(before, State());
    }

    [Fact]
    public void What_cannot_be_read_is_a_finding()
    {
        RequireUnreadable(_folder.Path, "is a folder");
        if (!OperatingSystem.IsLinux())
            return;
        Native.Pipe(_folder["pipe"]);
        RequireUnreadable(_folder["pipe"], "is a named pipe");
        File.CreateSymbolicLink(_folder["circle"], "circle");
        RequireUnreadable(_folder["circle"], "symbolic link");

        static void RequireUnreadable(string path, string says)
        {
            var finding = Assert.Single(Inspect(new UserFileLocation(path, "test")));
            Assert.Equal((FindingKind.FileUnreadable, Error), (finding.Kind, finding.Severity));
            Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_this_account_may_not_read_is_a_finding()
    {
        if (!Machine.IsLinuxRoot)
            return;
        var path = _folder.Write(Good);
        Machine.SetMode(_folder.Path, 0x1ED);
        using var child = Child.StartAs(["--as", "12345:12345", "inspect", path]);

        Assert.Equal(["FileUnreadable"], child.ReadToEnd());
    }

    private IReadOnlyList<Finding> Inspect() => Inspect(Located(_folder));

    /// <summary>Whatever servers other tests run.</summary>
    private static IReadOnlyList<Finding> Inspect(UserFileLocation location) =>
        UserFileInspector.Inspect(location, servers: [], serverFile: null);

    /// <summary>All that is in the folder, the lock file too: what it is, its bytes and its time.</summary>
    private string[] State() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {new FileInfo(path).LinkTarget} {FileStatus.Of(path)} {ContentOf(path)}"),
    ];

    private static string ContentOf(string path) =>
        FileStatus.Of(path) is { Kind: FileKind.Regular } ? Convert.ToHexString(File.ReadAllBytes(path)) : "";

    /// <summary>The lines of another user whose name is written with escapes.</summary>
    private static string AnotherQuoted(string name) => Another("\"" + string.Concat(name.Select(c => c < 0x7F ? $"{c}" : $"\\u{(int)c:X4}")) + "\"");

    private static Row Refused(int line, string says, string text) => new(FindingKind.ContentRefused, Error, line, null, says, text);

    /// <summary>
    /// A finding, and the file, the only one of whose findings it is. <c>At</c> does what is to be done to the file, and says
    /// where it is; it gives null where this machine does not let it be done.
    /// </summary>
    private sealed record Row(
        FindingKind Kind, FindingSeverity Severity, int? Line, string? User, string Says, string? Text,
        bool HasRemedy = true, bool CanRepair = false, Func<TestFolder, UserFileLocation?>? At = null);
}
