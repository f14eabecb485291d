using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Audit;

/// <summary>The audit file on disk, which may be planted, protected, shared or very large.</summary>
public sealed class AuditFileTests : IDisposable
{
    private const uint Stranger = 12345;

    private readonly TestFolder _folder = new();
    private readonly UserFile _users;
    private readonly string _path;

    public AuditFileTests()
    {
        _users = new UserFile(_folder.WriteUsers());
        _path = _users.Path + ".audit.jsonl";
    }

    public void Dispose()
    {
        if (File.Exists(_path))
            Machine.SetAttribute("-a", _path);
        _folder.Dispose();
    }

    [Fact]
    public void A_check_creates_no_audit_file()
    {
        Log().Prepare();

        Assert.Equal(["users.yaml"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_check_leaves_an_existing_audit_file_unchanged()
    {
        Append("alice");
        var before = FileStatus.Of(_path);

        Log().Prepare();

        Assert.Equal(before, FileStatus.Of(_path));
    }

    [RootTheory]
    [InlineData("anothers")]
    [InlineData("for others to write")]
    [InlineData("symbolic link")]
    [InlineData("hard link")]
    [InlineData("no events")]
    [InlineData("folder is missing")]
    public void An_audit_file_that_cannot_be_appended_to_fails_before_the_change(string kind)
    {
        var log = Log();
        switch (kind)
        {
            case "anothers":
                Append("alice");
                Machine.GiveAway(_path, Stranger, Stranger);
                break;
            case "for others to write":
                Append("alice");
                Machine.SetMode(_path, 0x1B6);
                break;
            case "symbolic link":
                File.CreateSymbolicLink(_path, _folder["nothing"]);
                break;
            case "hard link":
                Native.Link(_users.Path, _path);
                break;
            case "no events":
                File.WriteAllText(_path, "users:\n");
                Machine.SetMode(_path, 0x180);
                break;
            default:
                log = AuditLog.For(_users, Path.Combine(_folder["none"], "audit.jsonl"))!;
                break;
        }

        var before = Directory.EnumerateFileSystemEntries(_folder.Path).Order().Select(path => FileStatus.OfLink(path))
            .ToArray();

        var failure = Assert.Throws<PgEdgeUsersException>(log.Prepare);

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_folder.Path).Order()
            .Select(path => FileStatus.OfLink(path)));
    }

    [RootFact]
    public void A_missing_audit_file_in_a_folder_that_does_not_change_fails_before_the_change()
    {
        // The lock file exists, as after the removal of an earlier audit file.
        Append("alice");
        File.Delete(_path);
        if (!Machine.SetAttribute("+i", _folder.Path))
            return; // Not every file system has the attribute.

        var failure = Record.Exception(Log().Prepare);

        Machine.SetAttribute("-i", _folder.Path);
        Assert.Equal(FailureKind.AuditFailed, Assert.IsType<PgEdgeUsersException>(failure).Kind);
    }

    [RootFact]
    public void A_separate_audit_file_keeps_its_owner()
    {
        var separate = _folder["separate.jsonl"];
        Machine.GiveAway(_users.Path, Stranger, Stranger);
        var log = AuditLog.For(_users, separate)!;

        foreach (var user in new[] { "alice", "bob" })
            log.Append([AuditLog.Now(AuditEventKind.UserAdded, user, true, "", _users.Path)]);

        Assert.Equal(0U, FileStatus.Of(separate)!.User);
    }

    [RootFact]
    public void Roots_audit_file_goes_to_the_new_owner_of_the_user_file_with_all_its_events()
    {
        Append("alice");
        Machine.GiveAway(_users.Path, Stranger, Stranger);

        Append("bob");

        Assert.Equal(["alice", "bob"], Log().Read().Select(e => e.User));
        Assert.Equal((Stranger, FileStatus.OwnerOnly), (FileStatus.Of(_path)!.User, FileStatus.Of(_path)!.Mode));
        // A lock file of root would keep the new owner out.
        Assert.NotEqual(0U, FileStatus.Of(_path + ".lock")?.User);
    }

    [RootFact]
    public void An_append_only_file_is_appended_to_and_no_older_file_is_lost()
    {
        Append("alice");
        foreach (var number in Enumerable.Range(1, AuditLog.KeptFiles))
        {
            File.Copy(_path, $"{_path}.{number}");
            Machine.SetMode($"{_path}.{number}", 0x180);
        }

        if (!Machine.SetAttribute("+a", _path))
            return; // Not every file system has the attribute.

        foreach (var user in new[] { "bob", "carla" })
            Append(user, maxBytes: 1);

        Assert.Equal(["alice", "bob", "carla"], UsersIn(_path));
        Assert.Equal(AuditLog.KeptFiles + 3, Log().Read().Count);
        Assert.False(File.Exists(_path + ".0"));
    }

    [Fact]
    public void An_interrupted_rotation_is_finished_by_the_next_one_and_nothing_is_lost()
    {
        Append("alice");
        Append("bob", maxBytes: 1);
        // The state that a process leaves if it is killed between the two renames.
        File.Move(_path + ".1", _path + ".0");
        Assert.Equal(["alice", "bob"], Log().Read().Select(e => e.User));

        Append("carla", maxBytes: 1);

        Assert.Equal(["alice", "bob", "carla"], Log().Read().Select(e => e.User));
        Assert.Equal(
            ["users.yaml.audit.jsonl", "users.yaml.audit.jsonl.1", "users.yaml.audit.jsonl.2"],
            Directory.EnumerateFiles(_folder.Path, "*.jsonl*").Select(Path.GetFileName)
                .Where(name => !name!.EndsWith(".lock", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Events_are_recorded_even_if_an_older_file_cannot_be_renamed()
    {
        Append("alice");
        File.Copy(_path, $"{_path}.{AuditLog.KeptFiles - 1}");
        Directory.CreateDirectory($"{_path}.{AuditLog.KeptFiles}");

        foreach (var user in new[] { "bob", "carla" })
            Append(user, maxBytes: 1);

        Assert.Equal(["alice"], UsersIn(_path + ".0"));
        Assert.Equal(["bob", "carla"], UsersIn(_path));
    }

    [Fact]
    public void Each_user_file_has_its_own_events_in_a_shared_audit_file()
    {
        var other = new UserFile(_folder.WriteUsers(name: "other.yaml"));
        var shared = _folder["shared.jsonl"];
        foreach (var (file, user) in new[] { (_users, "alice"), (other, "bob"), (_users, "carla") })
            AuditLog.For(file, shared)!.Append([AuditLog.Now(AuditEventKind.UserAdded, user, true, "", file.Path)]);

        Assert.Equal(["alice", "carla"], AuditLog.For(_users, shared)!.ReadOf(_users).Select(e => e.User));
        Assert.Equal(["bob"], AuditLog.For(other, shared)!.ReadOf(other).Select(e => e.User));
        Assert.Equal(3, AuditLog.For(_users, shared)!.Read().Count);
    }

    [Fact]
    public void An_audit_file_next_to_a_user_file_gives_only_the_events_of_that_user_file()
    {
        var other = new UserFile(_folder.WriteUsers(name: "other.yaml"));
        (string Path, string User)[] signIns =
            [(_users.Path, "alice"), (other.Path, "bob"), ("mcp.example.org", "carla")];
        foreach (var (path, user) in signIns)
            AuditLog.For(_users, _path)!.Append([AuditLog.Now(AuditEventKind.SignIn, user, true, "", path)]);

        Assert.Equal(["alice"], Log().ReadOf(_users).Select(e => e.User));
        Assert.Equal(["alice", "carla"], Log().ReadOf(_users, includesServers: true).Select(e => e.User));
        Assert.Equal(["bob"], AuditLog.For(other, _path)!.ReadOf(other).Select(e => e.User));
    }

    [Fact]
    public void Events_that_were_recorded_before_a_user_file_was_renamed_stay_its_own()
    {
        Append("alice");
        var renamed = new UserFile(_folder["renamed.yaml"]);
        File.Move(_users.Path, renamed.Path);
        File.Move(_path, renamed.Path + ".audit.jsonl");

        Assert.Equal(["alice"], AuditLog.For(renamed, asked: null)!.ReadOf(renamed).Select(e => e.User));
    }

    [LinuxFact]
    public void Events_recorded_through_a_link_belong_to_its_target()
    {
        var link = _folder["link.yaml"];
        File.CreateSymbolicLink(link, _users.Path);
        var shared = _folder["shared.jsonl"];
        AuditLog.For(new UserFile(link), shared)!
            .Append([AuditLog.Now(AuditEventKind.UserAdded, "alice", true, "", link)]);

        Assert.Equal(["alice"], AuditLog.For(_users, shared)!.ReadOf(_users).Select(e => e.User));
        Assert.Equal(["alice"], AuditLog.For(_users, shared)!.ReadOf(new UserFile(link)).Select(e => e.User));
    }

    [Fact]
    public void Events_of_a_deleted_user_file_stay_its_own_in_a_shared_audit_file()
    {
        var shared = AuditLog.For(_users, _folder["shared.jsonl"])!;
        foreach (var (path, user) in new[] { (_users.Path, "alice"), (_folder["other.yaml"], "bob") })
            shared.Append([AuditLog.Now(AuditEventKind.UserRemoved, user, true, "", path)]);
        File.Delete(_users.Path);

        Assert.Equal(["alice"], shared.ReadOf(_users).Select(e => e.User));
    }

    [Fact]
    public void Only_the_newest_events_of_a_very_large_file_are_read()
    {
        Append("alice");
        var line = File.ReadAllText(_path);
        using (var large = new FileStream(_path, FileMode.Open, FileAccess.Write))
        {
            // A hole of 4 GiB, a few lines, and the newest events.
            large.Position = 4L * 1024 * 1024 * 1024;
            large.Write(System.Text.Encoding.UTF8.GetBytes("\n" + line + line));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var events = Log().Read();

        Assert.Equal(["alice", "alice"], events.Select(e => e.User));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 12 * AuditLog.MaxReadBytes);
    }

    private AuditLog Log(long maxBytes = AuditLog.DefaultMaxBytes) => AuditLog.For(_users, asked: null, maxBytes)!;

    private void Append(string user, long maxBytes = AuditLog.DefaultMaxBytes) =>
        Log(maxBytes).Append([AuditLog.Now(AuditEventKind.SignIn, user, success: true, "", _users.Path)]);

    private static IEnumerable<string> UsersIn(string path) =>
        File.ReadLines(path).Select(line => line.Split("\"user\":\"")[1].Split('"')[0]);
}
