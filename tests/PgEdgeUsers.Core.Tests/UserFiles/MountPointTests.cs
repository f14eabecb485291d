using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Promise 7: a single file that is mounted into a container cannot be replaced by a rename, and is written in place.
/// </summary>
public sealed class MountPointTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _mounted;

    public MountPointTests()
    {
        _mounted = Path.Combine(_folder.Folder("container"), "users.yaml");
        File.WriteAllText(_mounted, "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_a_mount_point_is_written_in_place()
    {
        var source = _folder.WriteUsers();
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(source, 12345, 23456);
        var before = FileStatus.Of(source)!;
        if (Machine.AfterMounts($"mount --bind '{source}' '{_mounted}'") is { } under)
        {
            using var child = Child.StartAs(["change", _mounted, "note", "disable", "enable"], under);
            var lines = child.ReadToEnd();
            Assert.Equal(["note", "disable", "enable"], lines[..3]);
            Assert.Equal("beside users.yaml", lines[^1]);
        }
        else
        {
            Assert.True(new AtomicFile().Overwrite(source, System.Text.Encoding.UTF8.GetBytes(Sample.Text(3, "a note")),
                File.ReadAllBytes(source), null, () => true).IsDone);
        }

        var after = FileStatus.Of(source)!;
        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(source));
        Assert.Equal((before.Inode, before.User, before.Group, FileStatus.OwnerOnly),
            (after.Inode, after.User, after.Group, after.Mode));
        Assert.Equal(["container", "users.yaml"], _folder.Names);
    }

    [Fact]
    public void Shorter_content_leaves_nothing_of_the_old_content()
    {
        var path = _folder.WriteUsers();

        Assert.True(new AtomicFile()
            .Overwrite(path, "users: {}\n"u8.ToArray(), File.ReadAllBytes(path), null, () => true).IsDone);

        Assert.Equal("users: {}\n", File.ReadAllText(path));
        Assert.Equal(["container", "users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_permissive_mode_is_tightened_in_place()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.WriteUsers();
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);

        new AtomicFile().Overwrite(path, "users: {}\n"u8.ToArray(), File.ReadAllBytes(path), null, () => true);

        Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_that_was_changed_meanwhile_is_not_written_and_leaves_no_copy()
    {
        var path = _folder.WriteUsers();

        Assert.False(new AtomicFile()
            .Overwrite(path, "users: {}\n"u8.ToArray(), File.ReadAllBytes(path), null, () => false).IsDone);

        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
        Assert.Equal(["container", "users.yaml"], _folder.Names);
    }

    [Fact]
    public void Two_writers_of_a_mount_point_exclude_each_other()
    {
        var source = _folder.Write("users: {}\n");
        var mounts = $"mount --bind '{source}' '{_mounted}'; (\"$0\" \"$1\" add '{_mounted}' b 5 &)";
        if (Machine.AfterMounts(mounts) is not { } under)
        {
            A_file_that_is_a_mount_point_is_written_in_place();
            return;
        }

        using var child = Child.StartAs(["add", _mounted, "a", "5"], under);

        Assert.Equal(10, child.ReadToEnd().Length);
        Assert.Equal(10, new UserFile(source).Read().Users.Count);
    }

    [Fact]
    public void A_full_disk_leaves_a_mount_point_as_it_was()
    {
        // There is room for the old content, which stays where it is, but not for twenty more users.
        var source = _folder.WriteUsers(200);
        var disk = _folder["disk"];
        var mounts = $"mkdir '{disk}'; mount -t tmpfs -o size=56k none '{disk}'; cp '{source}' '{disk}/u'; "
            + $"mount --bind '{disk}/u' '{_mounted}'";
        if (Machine.AfterMounts(mounts) is not { } under)
        {
            A_file_that_is_a_mount_point_is_written_in_place();
            return;
        }

        using var child = Child.StartAs(["fill", _mounted], under);
        var lines = child.ReadToEnd();

        Assert.StartsWith("failed UserFileWriteFailed: ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["as it was", "beside users.yaml"], lines[1..]);
    }
}
