using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using static PgEdgeUsers.Core.Tests.UserFiles.UserTexts;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// What can be repaired is repaired, everything else stays unchanged, and a copy of the old text is kept.
/// </summary>
public sealed class UserFileRepairTests : IDisposable
{
    private const int NoSpace = 28;

    private readonly TestFolder _folder = new();

    /// <summary>Texts before and after a repair, and what is repaired.</summary>
    private static readonly Dictionary<string, (string Before, string After, string Repaired)> Texts = new()
    {
        ["null entries"] = (
            "# all\nusers:\n    first: # never finished\n" + Another(
                "alice") + "    second: null\n    # of bob\n" + Another("bob") + "    last: ~\nother: 1\n",
            "# all\nusers:\n" + Another("alice") + "    # of bob\n" + Another("bob") + "other: 1\n",
            "NullEntry first, NullEntry second, NullEntry last"),
        ["only null entries"] = ("users:\n    alice:\n    bob:\n", "users: {}\n", "NullEntry alice, NullEntry bob"),
        ["null entries in braces"] = (
            $"users: {{first: , second: {{{Braced("second")}}}, third: ~, # gone\n"
                + $"  fourth: {{{Braced("fourth")}}}, last: null}}\n",
            $"users: {{ second: {{{Braced("second")}}},  # gone\n  fourth: {{{Braced("fourth")}}} }}\n",
            "NullEntry first, NullEntry third, NullEntry last"),
        ["username"] = (
            Good.Replace("username: alice", "username: \"Alice\" # shown", StringComparison.Ordinal),
            Good.Replace("username: alice", "username: alice # shown", StringComparison.Ordinal),
            "KeyDiffersFromUsername alice"),
        ["empty username"] = (Good.Replace("username: alice", "username:", StringComparison.Ordinal), Good,
            "KeyDiffersFromUsername alice"),
        ["username of a name to quote"] = (
            "users:\n" + Another("'no'").Replace("username: 'no'", "username: nobody", StringComparison.Ordinal),
            "users:\n" + Another("'no'").Replace("username: 'no'", "username: \"no\"", StringComparison.Ordinal),
            "KeyDiffersFromUsername no"),
        ["missing fields"] = (
            Without("username", "annotation", "enabled"),
            Without("username", "annotation", "enabled").Replace(
                "        password_hash",
                "        username: alice\n        enabled: false\n        annotation: \"\"\n        password_hash",
                StringComparison.Ordinal),
            "MissingField alice"),
        ["missing in braces"] = (
            $"{{users: {{alice: {{enabled: yes, password_hash: {Sample.Hash}}}}}}}\n",
            "{users: {alice: {username: alice, created_at: null, last_login: null, annotation: \"\", "
                + $"failed_attempts: 0, enabled: yes, password_hash: {Sample.Hash}}}}}}}\n",
            "MissingField alice"),
        ["all missing"] = (
            "users:\n  alice: {}\n",
            "users:\n"
                + "  alice: {username: alice, password_hash: \"\", created_at: null, last_login: null, "
                + "enabled: false, annotation: \"\", failed_attempts: 0}\n",
            "MissingField alice"),
        ["all at once"] = (
            "\uFEFF# kept\nversion: '2'\nusers:\n  ghost:\n  \"alice\":   # first\n    role: [admin, {x: y}]\n"
                + $"    username: Alice\n    enabled: yes # on\n    password_hash: '{Sample.Hash}'\n"
                + "    created_at: 2025-01-02\n    failed_attempts: +3\n    annotation: |\n      two\n      lines\n",
            "\uFEFF# kept\nversion: '2'\nusers:\n  \"alice\":   # first\n    last_login: null\n"
                + "    role: [admin, {x: y}]\n    username: alice\n    enabled: yes # on\n"
                + $"    password_hash: '{Sample.Hash}'\n"
                + "    created_at: 2025-01-02\n    failed_attempts: +3\n    annotation: |\n      two\n      lines\n",
            "NullEntry ghost, KeyDiffersFromUsername alice, MissingField alice"),
    };

    public static TheoryData<string> Cases => [.. Texts.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_text_is_repaired_and_every_other_byte_stays(string name) =>
        RequireRepaired(Texts[name].Before, Texts[name].After, Texts[name].Repaired);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_text_with_CRLF_line_ends_is_repaired_and_every_other_byte_stays(string name) =>
        RequireRepaired(Texts[name].Before.ReplaceLineEndings("\r\n"), Texts[name].After.ReplaceLineEndings("\r\n"),
            Texts[name].Repaired);

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_inspection_predicts_what_a_repair_fixes(string name)
    {
        var text = Texts[name].Before;
        var path = _folder.Write(text);

        Assert.Equal(Texts[name].Repaired,
            string.Join(", ", UserFileRepair.Find(Location()).Select(f => $"{f.Kind} {f.Username}")));

        Assert.Equal(text, TextOf(path));
        Assert.Equal(["users.yaml"], Everything);
    }

    [Fact]
    public void The_copy_is_next_to_the_file_and_only_its_owner_has_access()
    {
        var path = _folder.Write(Without("enabled"));
        Machine.SetMode(path, 0x1A4);
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(path, 12345, 23456);
        var before = FileStatus.Of(path)!;

        var (copy, repaired, _) = Repair();

        Assert.Matches(@"^users\.yaml\.\d{8}T\d{6}\.[0-9a-f]{6}\.bak$", Path.GetFileName(copy));
        Assert.Equal(_folder.Path, Path.GetDirectoryName(copy));
        foreach (var facts in new[] { FileStatus.Of(path)!, FileStatus.Of(copy!)! })
            Assert.Equal((before.User, before.Group, FileStatus.OwnerOnly), (facts.User, facts.Group, facts.Mode));
        Assert.Equal(OperatingSystem.IsWindows() ? [FindingKind.MissingField] : [FindingKind.ModeTooWide,
            FindingKind.MissingField], repaired.Where(f => f.Kind != FindingKind.OwnerDiffers).Select(f => f.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_repair_through_a_link_changes_the_target_and_the_link_stays(bool isOnlyMode)
    {
        var target = Path.Combine(_folder.Folder("real"), "users.yaml");
        _folder.Write(isOnlyMode ? Good : Without("enabled"), Path.Combine("real", "users.yaml"));
        Machine.SetMode(target, 0x1A4);
        File.CreateSymbolicLink(_folder.File, Path.Combine("real", "users.yaml"));

        var (copy, _, _) = Repair();

        Assert.Equal(isOnlyMode, copy is null);
        Assert.Equal(["real", "users.yaml"], Everything);
        Assert.NotNull(new FileInfo(_folder.File).LinkTarget);
        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(target)!.Mode);
        Assert.Equal(isOnlyMode, File.ReadAllText(target) == Good);
        Assert.Equal(isOnlyMode ? null : _folder["real"], Path.GetDirectoryName(copy));
    }

    [Fact]
    public void A_file_that_is_a_mount_point_is_repaired_in_place()
    {
        var source = _folder.Write(Good.Replace("username: alice", "username: Alice", StringComparison.Ordinal));
        var mounted = Path.Combine(_folder.Folder("container"), "users.yaml");
        File.WriteAllText(mounted, "");
        if (Machine.AfterMounts($"mount --bind '{source}' '{mounted}'") is not { } under)
            return;
        var before = FileStatus.Of(source)!;
        using var child = Child.StartAs(["repair", mounted], under);

        Assert.Equal(["KeyDiffersFromUsername"], child.ReadToEnd());

        Assert.Equal(Good, File.ReadAllText(source));
        Assert.Equal(before.Inode, FileStatus.Of(source)!.Inode);
        Assert.Single(Directory.GetFiles(_folder["container"], "*.bak"));
    }

    [Fact]
    public void A_file_without_faults_is_not_written()
    {
        var path = _folder.Write(Sample.Alice.Replace(Sample.Hash, "none", StringComparison.Ordinal));
        var before = FileStatus.Of(path);

        Assert.Equal((null, 0), (Repair().Copy, Repair().Findings.Count));

        Assert.Equal(before, FileStatus.Of(path));
        Assert.Equal(["users.yaml"], Everything);
    }

    [Fact]
    public void A_refused_text_is_an_error_and_not_even_the_mode_is_repaired()
    {
        var path = _folder.Write(Good + "\tbob:\n");
        Machine.SetMode(path, 0x1A4);
        var before = FileStatus.Of(path);

        foreach (var action in new Action[] { () => Repair(), () => UserFileRepair.Find(Location()) })
        {
            var failure = Assert.Throws<PgEdgeUsersException>(action);
            Assert.Equal(FailureKind.UserFileInvalid, failure.Kind);
            Assert.Contains("line 10: there is a tab in the indentation. Indent with spaces. The file was not changed.",
                failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, FileStatus.Of(path));
        Assert.Equal(["users.yaml"], Everything);
    }

    [Fact]
    public void An_entry_that_cannot_be_edited_is_an_error_and_nothing_changes()
    {
        var text = "users:\n    ? alice\n    : username: alice\n      failed_attempts: 0\n";
        var path = _folder.Write(text);

        var failure = Assert.Throws<PgEdgeUsersException>(() => Repair());

        Assert.Equal(FailureKind.UserFileInvalid, failure.Kind);
        Assert.Contains("line 3: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_says_where_it_was_searched()
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => Repair());

        Assert.Equal(FailureKind.UserFileNotFound, failure.Kind);
        Assert.Contains($"'{_folder.File}' (the reason)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Everything);
    }

    [Fact]
    public void A_text_is_not_repaired_while_another_process_holds_the_lock()
    {
        var path = _folder.Write(Without("enabled"));
        using var held = FileLock.Acquire(path, TimeSpan.Zero, CancellationToken.None);

        var failure = Assert.Throws<PgEdgeUsersException>(
            () => UserFileRepair.Repair(
                Location(), new UserFile(path) { LockTimeout = TimeSpan.Zero }, CancellationToken.None));

        Assert.Equal(FailureKind.UserFileLocked, failure.Kind);
        Assert.Equal(Without("enabled"), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Theory]
    [InlineData("users: {}\n")]
    [InlineData("users: [\n")]
    [InlineData("")]
    public void A_change_by_another_program_during_the_repair_stays_and_no_copy_is_left(string theirs)
    {
        var path = _folder.Write(Without("enabled"));

        var failure = FailureWith((step, at) =>
        {
            if (step == SaveStep.Sync && IsOfReplacement(at))
                File.WriteAllText(path, theirs);
        });

        Assert.Equal(FailureKind.UserFileWriteFailed, failure.Kind);
        Assert.Equal(
            $"The user file '{path}' was changed by another process while it was repaired. Nothing was changed. "
                + "Try again.",
            failure.Message);
        Assert.Equal(theirs, File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_replacement_that_may_not_survive_a_power_failure_keeps_the_copy()
    {
        var path = _folder.Write(Without("enabled"));
        var isReplaced = false;

        var failure = FailureWith((step, _) =>
        {
            isReplaced |= step == SaveStep.Rename;
            if (isReplaced && step == SaveStep.SyncFolder)
                throw new IOException("the system says no", NoSpace);
        });

        Assert.Contains("was replaced, but", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(Without("enabled"), File.ReadAllText(path));
        Assert.Equal(Without("enabled"), File.ReadAllText(Directory.GetFiles(_folder.Path, "*.bak").Single()));
    }

    [Theory]
    [InlineData(SaveStep.Create)]
    [InlineData(SaveStep.Write)]
    [InlineData(SaveStep.Sync)]
    [InlineData(SaveStep.Rename)]
    public void A_step_that_fails_leaves_the_file_as_it_was_and_no_copy(SaveStep step)
    {
        var path = _folder.Write(Without("enabled"));

        var failure = FailureWith((at, file) =>
        {
            // The step 'Write' has no path; then the copy fails.
            if (at == step && (file.Length == 0 || IsOfReplacement(file)))
                throw new IOException("the system says no", NoSpace);
        });

        Assert.Equal(FailureKind.UserFileWriteFailed, failure.Kind);
        Assert.Contains("The file was not changed.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Without("enabled"), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    /// <summary>Everything in the folder, including the lock file.</summary>
    private IEnumerable<string?> Everything =>
        Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static string Braced(string name) =>
        $"username: {name}, password_hash: {Sample.Hash}, created_at: 2025-01-02, last_login: null, enabled: true, "
            + "annotation: '', failed_attempts: 0";

    private UserFileLocation Location() => new(_folder.File, "the reason");

    private RepairResult Repair() => UserFileRepair.Repair(Location());

    private PgEdgeUsersException FailureWith(Action<SaveStep, string> before) => Assert.Throws<PgEdgeUsersException>(
        () => UserFileRepair.Repair(
            Location(), new UserFile(_folder.File) { Writer = new HookedWriter(before) }, CancellationToken.None));

    private void RequireRepaired(string before, string after, string expected)
    {
        var path = _folder.Write(before);

        var (copy, repaired, _) = Repair();

        Assert.Equal(after, TextOf(path));
        Assert.Equal(expected, string.Join(", ", repaired.Select(f => $"{f.Kind} {f.Username}")));
        Assert.Equal(before, TextOf(copy!));
        Assert.Equal((null, 0), (Repair().Copy, Repair().Findings.Count));
    }

    private static bool IsOfReplacement(string path) => path.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>The whole text with its byte order mark, which reading it as text would remove.</summary>
    private static string TextOf(string path) => System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(path));
}
