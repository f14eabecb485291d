using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Audit;

/// <summary>The audit file: what a line holds, and that no line is lost or torn.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pgedge-audit-").FullName;
    private readonly string _path;

    public AuditLogTests() => _path = Path.Combine(_folder, "audit.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_event_is_one_line_of_JSON_with_all_its_fields()
    {
        Append(Event("alice", "WrongPassword", success: false));

        var line = Assert.Single(File.ReadAllLines(_path));
        var json = JsonNode.Parse(line)!.AsObject();
        Assert.Equal(["time", "event", "user", "success", "reason", "process", "actor", "path"], json.Select(property => property.Key));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$", json["time"]!.GetValue<string>());
        Assert.Equal("SignIn", json["event"]!.GetValue<string>());
        Assert.Equal("alice", json["user"]!.GetValue<string>());
        Assert.False(json["success"]!.GetValue<bool>());
        Assert.Equal("WrongPassword", json["reason"]!.GetValue<string>());
        Assert.EndsWith($" {Environment.ProcessId}", json["process"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Environment.UserName, json["actor"]!.GetValue<string>());
        Assert.Equal("/etc/pgedge/users.yaml", json["path"]!.GetValue<string>());
        Assert.EndsWith("}\n", File.ReadAllText(_path), StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_read_as_they_were_written()
    {
        AuditEvent[] events = [Event("alice", ""), Event("bob", "x"), Event("alice", "", success: false)];

        Append(events[..2]);
        Append(events[2]);

        Assert.Equal(events, new AuditLog(_path).Read());
    }

    [Fact]
    public void Values_before_and_after_a_change_are_written_and_read()
    {
        var change = Event("alice", "").WithValues("Developer", "");

        Append(change);

        var json = JsonNode.Parse(File.ReadAllText(_path))!.AsObject();
        Assert.Equal(("Developer", ""), (json["old"]!.GetValue<string>(), json["new"]!.GetValue<string>()));
        Assert.Equal(change, Assert.Single(new AuditLog(_path).Read()));
    }

    [Fact]
    public void A_line_without_values_is_read()
    {
        File.WriteAllText(
            _path,
            """{"time":"2026-01-01T00:00:00Z","event":"AnnotationSet","user":"alice","success":true,"""
            + """ "reason":"","process":"p 1","actor":"a","path":"/u"}""" + "\n");
        OwnerOnly(_path);

        var read = Assert.Single(new AuditLog(_path).Read());

        Assert.Equal(("alice", null, null), (read.User, read.Old, read.New));
    }

    [Fact]
    public void A_value_of_any_length_takes_little_room()
    {
        Append(Event("alice", "").WithValues(new string('x', 1_000_000), "short"));

        var read = Assert.Single(new AuditLog(_path).Read());
        Assert.Equal((new string('x', AuditEvent.MaxValueLength) + "…", "short"), (read.Old, read.New));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "Ticket 4711", "Ticket 4711")]
    [InlineData("log-out", "", "log-out")]
    [InlineData("log-out", "Ticket 4711", "log-out: Ticket 4711")]
    public void The_reason_of_the_administrator_follows_the_cause(string cause, string words, string reason) =>
        Assert.Equal(reason, Event("alice", cause).WithReason(words).Reason);

    [Property(MaxTest = 60)]
    public void Whatever_the_name_is_a_line_stays_a_line(NonNull<string> name)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var user = string.Concat(name.Get.EnumerateRunes().Select(rune => rune.ToString()));

        new AuditLog(path).Append([Event(user, ""), Event("next", "")]);

        Assert.Equal(2, File.ReadAllLines(path).Length);
        Assert.All(File.ReadAllText(path), c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.Equal([user, "next"], new AuditLog(path).Read().Select(e => e.User));
    }

    [Theory]
    [InlineData("\u001b[31m\r\n{\"event\":\"UserAdded\"}")]
    [InlineData("\u202egro.elpmaxe\u2028\u0085\0")]
    public void Names_with_control_characters_cannot_make_lines_of_their_own(string name)
    {
        Append(Event(name, ""));

        Assert.Equal(name, Assert.Single(new AuditLog(_path).Read()).User);
        Assert.All(File.ReadAllText(_path).TrimEnd('\n'), c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void A_name_of_any_length_takes_little_room()
    {
        Append(Event(new string('x', 1_000_000), ""));

        Assert.InRange(new FileInfo(_path).Length, 1, 1000);
        Assert.Equal(new string('x', AuditLog.MaxNameLength) + "…", Assert.Single(new AuditLog(_path).Read()).User);
    }

    [Fact]
    public void The_file_is_for_its_owner_only_and_is_refused_when_others_may_use_it()
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
    public void Lines_of_many_processes_survive_the_beginning_of_new_files()
    {
        SignInProcess.RunAtOnce(8, "", i => ["record", _path, $"user{i}", "50", "25000"]);

        Assert.True(File.Exists(_path + ".1"));
        AssertAll400();
    }

    [Fact]
    public void At_its_bound_the_file_is_renamed_and_a_new_one_begun()
    {
        Append(Event("first", ""));
        var size = new FileInfo(_path).Length;

        for (var i = 0; i < 20; i++)
            Append([Event($"user{i}", "")], maxBytes: 3 * size);

        var files = Directory.GetFiles(_folder, "audit.jsonl*").Select(Path.GetFileName).Where(name => !name!.EndsWith(".lock", StringComparison.Ordinal)).Order();
        Assert.Equal(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3", "audit.jsonl.4"], files);
        Assert.All(Directory.GetFiles(_folder, "audit.jsonl*"), file => Assert.InRange(new FileInfo(file).Length, 0, 3 * size));
        var users = new AuditLog(_path).Read().Select(e => e.User).ToArray();
        Assert.Equal(Enumerable.Range(20 - users.Length, users.Length).Select(i => $"user{i}"), users);
        Assert.InRange(users.Length, 8, 15);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_path));
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
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"Nothing\",\"user\":\"a\",\"success\":true,\"reason\":\"\",\"process\":\"\",\"actor\":\"\",\"path\":\"\"}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00\",\"event\":\"SignIn\",\"user\":\"a\",\"success\":true,\"reason\":\"\",\"process\":\"\",\"actor\":\"\",\"path\":\"\"}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"SignIn\",\"success\":true,\"reason\":\"\",\"process\":\"\",\"actor\":\"\",\"path\":\"\"}")]
    public void A_line_that_is_no_event_is_left_out(string line)
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
    public void Nothing_to_record_makes_no_file()
    {
        Append();

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_or_a_pipe_in_the_files_place_is_a_clear_failure()
    {
        Directory.CreateDirectory(_path);
        Assert.Contains("is a folder", AssertFails(_path), StringComparison.Ordinal);

        Assert.Contains("could not be written", AssertFails(Path.Combine(_folder, "no", "audit.jsonl")), StringComparison.Ordinal);
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
        Assert.All([_path, _path + ".1"], file => Assert.Equal((12345U, 23456U), (FileStatus.Of(file)!.User, FileStatus.Of(file)!.Group)));
    }

    [Fact]
    public void A_lock_that_another_holds_is_named_and_nothing_is_said_of_a_user_file()
    {
        Append(Event("alice", ""));
        using var held = FileLock.Acquire(_path, TimeSpan.Zero, CancellationToken.None);

        var failure = Assert.Throws<PgEdgeUsersException>(() => new AuditLog(_path) { LockTimeout = TimeSpan.Zero }.Append([Event("bob", "")]));

        Assert.Matches(
            $@"^The audit file '{Regex.Escape(_path)}' could not be written: it is being changed by .+ \(process {Environment.ProcessId}\) of .+ and "
                + @"stayed locked for 0 s\. What was to be recorded was done\. Wait for it to finish, then try again\.$",
            failure.Message);
    }

    [Fact]
    public void A_lock_file_that_cannot_be_used_is_named_and_nothing_is_said_of_a_change()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Append(Event("alice", ""));
        using (var ln = System.Diagnostics.Process.Start("ln", [_path + ".lock", _path + ".other"]))
            ln.WaitForExit();

        var failure = Assert.Throws<PgEdgeUsersException>(() => Append(Event("bob", "")));

        Assert.Contains($"could not be written: '{_path}.lock' is a file with 2 names (hard links)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was changed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users:\n")]
    [InlineData("root:x:0:0:root:/root:/bin/bash\n")]
    [InlineData("{\"version\":1}\n")]
    public void A_file_that_is_no_audit_file_is_left_as_it_is(string content)
    {
        File.WriteAllText(_path, content);
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_path);

        var failure = Assert.Throws<PgEdgeUsersException>(() => new AuditLog(_path, maxBytes: 1).Append([Event("alice", "")]));

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
        Assert.Equal(content, File.ReadAllText(_path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(mode, File.GetUnixFileMode(_path));
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
            Directory.Exists(Path.GetDirectoryName(path)) ? Assert.Throws<PgEdgeUsersException>(() => new AuditLog(path).Read()) : null,
        };
        Assert.All(failures.OfType<PgEdgeUsersException>(), failure => Assert.Equal(FailureKind.AuditFailed, failure.Kind));
        return failures[0]!.Message;
    }

    private void AssertAll400()
    {
        var events = new AuditLog(_path).Read();
        Assert.Equal(400, events.Count);
        Assert.All(events.GroupBy(e => e.User), own => Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), own.Select(e => e.Reason)));
        Assert.Equal(400, Directory.GetFiles(_folder, "audit.jsonl*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Sum(file => File.ReadAllLines(file).Length));
    }

    private static void OwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, FileStatus.OwnerOnly);
    }

    private void Append(params AuditEvent[] events) => new AuditLog(_path).Append(events);
    private void Append(AuditEvent[] events, long maxBytes) => new AuditLog(_path, maxBytes).Append(events);

    private static AuditEvent Event(string user, string reason, bool success = true) => AuditLog.Now(AuditEventKind.SignIn, user, success, reason, "/etc/pgedge/users.yaml");
}
