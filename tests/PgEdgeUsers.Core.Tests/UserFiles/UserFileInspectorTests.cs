using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using static PgEdgeUsers.Core.Tests.UserFiles.InspectedFiles;
using static PgEdgeUsers.Core.Tests.UserFiles.UserTexts;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Everything that can be wrong with a user file is found, with its line, and nothing else.</summary>
public sealed class UserFileInspectorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> FaultNames => [.. FaultyFile.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void Each_fault_is_the_only_finding_in_its_file(string name)
    {
        var fault = FaultyFile.All[name];
        if (fault.Text is not null)
            _folder.Write(fault.Text);
        if ((fault.At ?? Located)(_folder) is not { } location)
            return;

        var finding = Assert.Single(Inspect(location));

        Assert.Equal(
            (fault.Kind, fault.Severity, fault.Line, fault.User, fault.CanRepair),
            (finding.Kind, finding.Severity, finding.Line, finding.Username, finding.CanRepair));
        Assert.Contains(fault.Says, finding.Message, StringComparison.Ordinal);
        Assert.Matches(@"^\S.*\.$", finding.Message);
        Assert.Matches(fault.HasRemedy ? @"^\S.*\.$" : "^$", finding.Remedy);
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
    public void A_server_written_file_has_no_findings_but_the_costs_of_its_hashes()
    {
        _folder.Write(Interop.ServerWritten);

        var findings = Inspect();

        // Most of its hashes have a low cost, to save time.
        Assert.Equal(
            Store.Read(Interop.ServerWritten).Users()
                .Where(user => !user.PasswordHash.StartsWith("$2a$12$", StringComparison.Ordinal))
                .Select(user => (FindingKind.WeakHashCost, user.Name)),
            findings.Where(f => f.Severity >= Warning).Select(f => (f.Kind, f.Username!)));
        Assert.Equal(
            Store.Read(Interop.ServerWritten).Users().Where(user => user.LastLogin is null).Select(user => user.Name),
            findings.Where(f => f.Kind == FindingKind.NeverSignedIn).Select(f => f.Username));
        Assert.All(findings, f => Assert.Matches(@"^    \S.*:$", Interop.ServerWritten.Split('\n')[f.Line!.Value - 1]));
    }

    [Fact]
    public void A_refused_file_has_no_finding_that_can_be_repaired()
    {
        Machine.SetMode(_folder.Write("users: [alice]\n"), 0x1A4);

        Assert.Equal(
            [(FindingKind.ModeTooWide, false), (FindingKind.ContentRefused, false)],
            Inspect().Select(f => (f.Kind, f.CanRepair)));
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
    public void The_field_that_the_first_release_did_not_write_is_not_a_warning_in_its_files()
    {
        const string Fields =
            "last_login: 2025-02-03T04:05:06Z, created_at: 2025-01-02T03:04:05Z, enabled: true, annotation: ''";
        _folder.Write(
            $"users: {{alice: {{username: alice, password_hash: {Sample.Hash}, {Fields}}}, "
                + $"bob: {{username: bob, password_hash: {Sample.Hash}, {Fields}}}}}\n");

        Assert.Equal(
            [("alice", Information, true), ("bob", Information, true)],
            Inspect().Select(f => (f.Username, f.Severity, f.CanRepair)));
    }

    [Fact]
    public void The_server_notices_changes_of_a_path_through_a_linked_folder()
    {
        _folder.Folder("real");
        _folder.Write(Good, Path.Combine("real", "users.yaml"));
        Directory.CreateSymbolicLink(_folder["alias"], _folder["real"]);
        var path = Path.Combine(_folder["alias"], "users.yaml");

        Assert.Empty(Inspect(new UserFileLocation(path, "test", Setting: path)));
    }

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void An_inspection_changes_nothing(string name)
    {
        var fault = FaultyFile.All[name];
        if (fault.Text is not null)
            _folder.Write(fault.Text);
        var location = (fault.At ?? Located)(_folder) ?? Located(_folder);
        var before = State();

        Inspect(location);

        Assert.Equal(before, State());
    }

    [Fact]
    public void An_unreadable_file_is_a_finding()
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

    /// <summary>Servers that other tests run must not matter.</summary>
    private static IReadOnlyList<Finding> Inspect(UserFileLocation location) =>
        UserFileInspector.Inspect(location, servers: [], serverFile: null);

    /// <summary>Everything in the folder, including the lock file: its kind, bytes and time.</summary>
    private string[] State() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {new FileInfo(path).LinkTarget} {FileStatus.Of(path)} {ContentOf(path)}"),
    ];

    private static string ContentOf(string path) =>
        FileStatus.Of(path) is { Kind: FileKind.Regular } ? Convert.ToHexString(File.ReadAllBytes(path)) : "";
}
