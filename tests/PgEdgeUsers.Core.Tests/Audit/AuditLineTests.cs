using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Tests.Storage;

namespace PgEdgeUsers.Core.Tests.Audit;

/// <summary>What a line of the audit file contains.</summary>
public sealed class AuditLineTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _path;

    public AuditLineTests() => _path = _folder["audit.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_event_is_one_line_of_JSON_with_all_its_fields()
    {
        Append(Event("alice", "WrongPassword", success: false));

        var line = Assert.Single(File.ReadAllLines(_path));
        var json = JsonNode.Parse(line)!.AsObject();
        Assert.Equal(
            ["time", "event", "user", "success", "reason", "process", "actor", "path"],
            json.Select(property => property.Key));
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
        Machine.SetMode(_path, 0x180);

        var read = Assert.Single(new AuditLog(_path).Read());

        Assert.Equal(("alice", null, null), (read.User, read.Old, read.New));
    }

    [Fact]
    public void A_value_of_any_length_takes_little_space()
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
    public void An_event_stays_one_line_whatever_the_name_is(NonNull<string> name)
    {
        var path = _folder[Guid.NewGuid().ToString("N")];
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
    public void A_name_of_any_length_takes_little_space()
    {
        Append(Event(new string('x', 1_000_000), ""));

        Assert.InRange(new FileInfo(_path).Length, 1, 1000);
        Assert.Equal(new string('x', AuditLog.MaxNameLength) + "…", Assert.Single(new AuditLog(_path).Read()).User);
    }

    private void Append(params AuditEvent[] events) => new AuditLog(_path).Append(events);

    private static AuditEvent Event(string user, string reason, bool success = true) =>
        AuditLog.Now(AuditEventKind.SignIn, user, success, reason, "/etc/pgedge/users.yaml");
}
