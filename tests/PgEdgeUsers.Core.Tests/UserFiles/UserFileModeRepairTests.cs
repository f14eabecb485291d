using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using static PgEdgeUsers.Core.Tests.UserFiles.UserTexts;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A permissive mode is repaired without a copy, by whoever may change the file.</summary>
public sealed class UserFileModeRepairTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>Everything in the folder, including the lock file.</summary>
    private IEnumerable<string?> Everything =>
        Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0x1A4)]
    [InlineData(0x1B6)]
    [InlineData(0x124)]
    public void A_mode_is_tightened_without_a_copy_and_only_root_replaces_the_file(int mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.Write(Good);
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(path, 12345, 23456);
        Machine.SetMode(path, mode);
        var before = FileStatus.Of(path)!;

        var (copy, repaired, _) = UserFileRepair.Repair(new UserFileLocation(_folder.File, "the reason"));

        Assert.Null(copy);
        Assert.Equal([FindingKind.ModeTooWide], repaired.Select(f => f.Kind));
        var after = FileStatus.Of(path)!;
        Assert.Equal((FileStatus.OwnerOnly, before.Owner), (after.Mode, after.Owner));
        Assert.Equal(!Environment.IsPrivilegedProcess, after.IsSameFileAs(before));
        Assert.Equal(Good, File.ReadAllText(path));
        Assert.Equal(Environment.IsPrivilegedProcess ? ["users.yaml", "users.yaml.lock"] : ["users.yaml"], Everything);
    }

    [Fact]
    public void The_owner_of_the_file_can_repair_its_mode_in_a_folder_of_another_account()
    {
        if (!Machine.IsLinuxRoot)
            return;
        var path = _folder.Write(Good);
        Machine.SetMode(path, 0x1A4);
        Machine.SetMode(_folder.Path, 0x1ED);
        Machine.GiveAway(path, 12345, 12345);
        using var child = Child.StartAs(["--as", "12345:12345", "repair", path]);

        Assert.Equal(["ModeTooWide"], child.ReadToEnd());

        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(path)!.Mode);
        Assert.Equal(["users.yaml"], Everything);
    }

    [Fact]
    public void The_mode_of_a_file_of_another_account_is_not_repaired()
    {
        if (!Machine.IsLinuxRoot)
            return;
        var path = _folder.Write(Good);
        Machine.SetMode(path, 0x1B6);
        Machine.SetMode(_folder.Path, 0x1FF);
        using var child = Child.StartAs(["--as", "12345:12345", "repair", path]);

        var line = Assert.Single(child.ReadToEnd());

        Assert.StartsWith($"failed UserFileAccessDenied: Access to the user file '{path}' or its folder is denied",
            line, StringComparison.Ordinal);
        Assert.EndsWith(
            "The file was not changed. Run as its owner, with the right to write to its folder, or as an "
                + "administrator.",
            line,
            StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0x1B6, FileStatus.Of(path)!.Mode);
    }

    [Fact]
    public void A_permissive_mode_on_a_read_only_mount_is_an_error_that_says_so()
    {
        var path = _folder.Write(Good);
        Machine.SetMode(path, 0x1A4);
        var mounts = $"mount --bind '{_folder.Path}' '{_folder.Path}'; mount -o remount,bind,ro '{_folder.Path}'";
        if (Machine.AfterMounts(mounts) is not { } under)
            return;
        using var child = Child.StartAs(["repair", path], under);

        Assert.Contains(
            "The file system is mounted read-only", Assert.Single(child.ReadToEnd()), StringComparison.Ordinal);
    }
}
