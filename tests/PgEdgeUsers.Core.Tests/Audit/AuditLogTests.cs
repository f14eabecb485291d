using System.Text.RegularExpressions;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Audit;

/// <summary>The audit file: no line is lost or torn, and only an audit file is written to.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgedge-audit-").FullName;
    private readonly string _path;

    public AuditLogTests() => _path = Path.Combine(_folder, "audit.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_the_owner_has_access_to_the_audit_file_and_one_that_others_may_use_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        Append(Event("alice", ""));
        Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_path));
        var before = File.ReadAllText(_path);

        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        var failure = Assert.Throws<PgEdgeUsersException>(() => Append(Event("bob", "")));

        Assert.Contains("has mode 0602, not 0600", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_path));
    }

    [Fact]
    public void Lines_of_many_processes_are_neither_torn_nor_lost()
    {
        SignInProcess.RunAtOnce(8, "", i => ["record", _path, $"user{i}", "50", "10000000"]);

        AssertAll400();
    }

    [Fact]
    public void Lines_of_many_processes_survive_rotations()
    {
        SignInProcess.RunAtOnce(8, "", i => ["record", _path, $"user{i}", "50", "25000"]);

        Assert.True(File.Exists(_path + ".1"));
        AssertAll400();
    }

    [Fact]
    public void A_full_audit_file_is_renamed_and_a_new_one_begins()
    {
        Append(Event("first", ""));
        var size = new FileInfo(_path).Length;

        for (var i = 0; i < 20; i++)
            Append([Event($"user{i}", "")], maxBytes: 3 * size);

        var files = Directory.GetFiles(_folder, "audit.jsonl*").Select(Path.GetFileName)
            .Where(name => !name!.EndsWith(".lock", StringComparison.Ordinal)).Order();
        Assert.Equal(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3", "audit.jsonl.4"], files);
        Assert.All(
            Directory.GetFiles(_folder, "audit.jsonl*"),
            file => Assert.InRange(new FileInfo(file).Length, 0, 3 * size));
        var users = new AuditLog(_path).Read().Select(e => e.User).ToArray();
        Assert.Equal(Enumerable.Range(20 - users.Length, users.Length).Select(i => $"user{i}"), users);
        Assert.InRange(users.Length, 8, 15);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void Events_are_appended_to_the_same_file_until_it_has_exactly_the_maximum_size()
    {
        var same = Event("alice", "");
        Append(same);
        var before = FileStatus.Of(_path)!;
        var maxBytes = 2 * before.Size;

        Append([same], maxBytes);

        Assert.Equal(maxBytes, FileStatus.Of(_path)!.Size);
        Assert.True(before.IsSameFileAs(FileStatus.Of(_path)));

        Append([same], maxBytes);

        Assert.True(before.IsSameFileAs(FileStatus.Of(_path + ".1")));
    }

    [Fact]
    public void A_torn_last_line_does_not_spoil_the_next()
    {
        Append(Event("alice", ""));
        var whole = File.ReadAllText(_path);
        File.WriteAllText(_path, whole + whole[..20]);

        Append(Event("bob", ""));

        Assert.Equal(["alice", "bob"], new AuditLog(_path).Read().Select(e => e.User));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\0\0\0\0")]
    [InlineData(
        "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"Nothing\",\"user\":\"a\",\"success\":true,\"reason\":\"\","
            + "\"process\":\"\",\"actor\":\"\",\"path\":\"\"}")]
    [InlineData(
        "{\"time\":\"2026-01-01T00:00:00\",\"event\":\"SignIn\",\"user\":\"a\",\"success\":true,\"reason\":\"\","
            + "\"process\":\"\",\"actor\":\"\",\"path\":\"\"}")]
    [InlineData(
        "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"SignIn\",\"success\":true,\"reason\":\"\",\"process\":\"\","
            + "\"actor\":\"\",\"path\":\"\"}")]
    public void A_line_that_is_not_an_event_is_skipped(string line)
    {
        Append(Event("alice", ""));
        File.AppendAllText(_path, line + "\n");
        Append(Event("bob", ""));

        Assert.Equal(["alice", "bob"], new AuditLog(_path).Read().Select(e => e.User));
    }

    [Fact]
    public void Without_a_file_there_are_no_events()
    {
        Assert.Empty(new AuditLog(_path).Read());
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Recording_no_events_creates_no_file()
    {
        Append();

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_or_pipe_in_place_of_the_audit_file_is_a_clear_failure()
    {
        Directory.CreateDirectory(_path);
        Assert.Contains("is a folder", AssertFails(_path), StringComparison.Ordinal);

        Assert.Contains(
            "could not be written", AssertFails(Path.Combine(_folder, "no", "audit.jsonl")), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return;
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_path + ".pipe"]))
            mkfifo.WaitForExit();
        Assert.Contains("is a named pipe", AssertFails(_path + ".pipe"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_has_the_owner_of_the_one_before_it()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return;
        var users = Path.Combine(_folder, "users.yaml");
        File.WriteAllText(users, "users: {}\n");
        Append(Event("alice", ""));
        using (var chown = System.Diagnostics.Process.Start("chown", ["12345:23456", users, _path]))
            chown.WaitForExit();

        AuditLog.For(new UserFile(users), _path, maxBytes: 1)!.Append([Event("bob", "")]);

        Assert.Single(File.ReadAllLines(_path));
        Assert.All(
            [_path, _path + ".1"],
            file => Assert.Equal((12345U, 23456U), (FileStatus.Of(file)!.User, FileStatus.Of(file)!.Group)));
    }

    [Fact]
    public void A_held_lock_is_reported_as_a_failure_of_the_audit_file()
    {
        Append(Event("alice", ""));
        using var held = FileLock.Acquire(_path, TimeSpan.Zero, CancellationToken.None);

        var failure = Assert.Throws<PgEdgeUsersException>(
            () => new AuditLog(_path) { LockTimeout = TimeSpan.Zero }.Append([Event("bob", "")]));

        Assert.Matches(
            $@"^The audit file '{Regex.Escape(_path)}' could not be written: it is being changed by .+ "
                + $@"\(process {Environment.ProcessId}\) of .+ and stayed locked for 0 s\. "
                + @"The operation itself was completed\. Wait for it to finish, then try again\.$",
            failure.Message);
    }

    [Fact]
    public void An_unusable_lock_file_is_reported_as_a_failure_of_the_audit_file()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Append(Event("alice", ""));
        using (var ln = System.Diagnostics.Process.Start("ln", [_path + ".lock", _path + ".other"]))
            ln.WaitForExit();

        var failure = Assert.Throws<PgEdgeUsersException>(() => Append(Event("bob", "")));

        Assert.Contains(
            $"could not be written: '{_path}.lock' has 2 hard links", failure.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was changed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users:\n")]
    [InlineData("root:x:0:0:root:/root:/bin/bash\n")]
    [InlineData("{\"version\":1}\n")]
    public void A_file_that_is_not_an_audit_file_is_left_unchanged(string content)
    {
        File.WriteAllText(_path, content);
        Machine.SetMode(_path, 0x180);

        var failure = Assert.Throws<PgEdgeUsersException>(
            () => new AuditLog(_path, maxBytes: 1).Append([Event("alice", "")]));

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
        Assert.Contains("does not contain audit events", failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(_path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_file_under_the_audit_files_name_is_not_written_to(bool isSymbolic)
    {
        if (OperatingSystem.IsWindows())
            return;
        var other = Path.Combine(_folder, "other.jsonl");
        new AuditLog(other).Append([Event("alice", "")]);
        var before = File.ReadAllBytes(other);
        using (var ln = System.Diagnostics.Process.Start("ln", isSymbolic ? ["-s", other, _path] : [other, _path]))
            ln.WaitForExit();

        var failure = Assert.Throws<PgEdgeUsersException>(() => new AuditLog(_path).Append([Event("bob", "")]));

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
        Assert.Equal(before, File.ReadAllBytes(other));
    }

    private static string AssertFails(string path)
    {
        var failures = new[]
        {
            Assert.Throws<PgEdgeUsersException>(() => new AuditLog(path).Append([Event("alice", "")])),
            Directory.Exists(Path.GetDirectoryName(path))
                ? Assert.Throws<PgEdgeUsersException>(() => new AuditLog(path).Read())
                : null,
        };
        Assert.All(
            failures.OfType<PgEdgeUsersException>(), failure => Assert.Equal(FailureKind.AuditFailed, failure.Kind));
        return failures[0]!.Message;
    }

    private void AssertAll400()
    {
        var events = new AuditLog(_path).Read();
        Assert.Equal(400, events.Count);
        Assert.All(
            events.GroupBy(e => e.User),
            own => Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), own.Select(e => e.Reason)));
        var files = Directory.GetFiles(_folder, "audit.jsonl*")
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal));
        Assert.Equal(400, files.Sum(file => File.ReadAllLines(file).Length));
    }

    private void Append(params AuditEvent[] events) => new AuditLog(_path).Append(events);
    private void Append(AuditEvent[] events, long maxBytes) => new AuditLog(_path, maxBytes).Append(events);

    private static AuditEvent Event(string user, string reason, bool success = true) =>
        AuditLog.Now(AuditEventKind.SignIn, user, success, reason, "/etc/pgedge/users.yaml");
}
