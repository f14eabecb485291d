using System.Security.Cryptography;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 6 with real full disks, read-only mounts, and folders of other accounts.</summary>
public sealed class RefusingFileSystemTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _path;

    public RefusingFileSystemTests() => _path = Path.Combine(_folder.Folder("store"), "users.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_full_disk_leaves_the_file_unchanged_and_nothing_next_to_it()
    {
        // 200 users are about 50 KiB, which fit once.
        var source = _folder.WriteUsers(200);
        var under = Machine.AfterMounts(
            $"mount -t tmpfs -o size=64k none '{_folder["store"]}'; cp '{source}' '{_path}'");
        if (under is null)
        {
            A_limit_on_the_size_of_files_leaves_the_file_unchanged_and_nothing_next_to_it();
            return;
        }

        var (failure, file, beside) = ChangeUnder(under, "UserFileWriteFailed");

        Assert.Contains(
            "The file was not changed. Free some disk space, then try again.", failure, StringComparison.Ordinal);
        Assert.Equal(Hash(Sample.Text(200)), file);
        Assert.Equal("users.yaml", beside);
    }

    [Fact]
    public void A_limit_on_the_size_of_files_leaves_the_file_unchanged_and_nothing_next_to_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.Copy(_folder.WriteUsers(200), _path);

        // .NET keeps generated code in a file that is larger than the limit, unless that is turned off.
        var (failure, file, beside) = ChangeUnder(["sh", "-c",
            "trap '' XFSZ; ulimit -f 32; DOTNET_EnableWriteXorExecute=0 exec \"$0\" \"$@\""], "UserFileWriteFailed");

        Assert.Contains("The file was not changed.", failure, StringComparison.Ordinal);
        Assert.Equal(Hash(Sample.Text(200)), file);
        Assert.Equal("users.yaml", beside);
    }

    [Fact]
    public void A_read_only_mount_leaves_the_file_unchanged_and_nothing_next_to_it()
    {
        File.Copy(_folder.WriteUsers(), _path);
        var store = _folder["store"];
        var mounts = $"mount --bind '{store}' '{store}'; mount -o remount,bind,ro '{store}'";
        if (Machine.AfterMounts(mounts) is not { } under)
        {
            A_folder_without_permission_leaves_the_file_unchanged_and_nothing_next_to_it();
            return;
        }

        var (failure, file, beside) = ChangeUnder(under, "UserFileAccessDenied");

        Assert.Contains("The file system is mounted read-only", failure, StringComparison.Ordinal);
        Assert.Equal(Hash(Sample.Text(3)), file);
        Assert.Equal("users.yaml", beside);
    }

    [Fact]
    public void A_folder_without_permission_leaves_the_file_unchanged_and_nothing_next_to_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.Copy(_folder.WriteUsers(), _path, overwrite: true);
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(_path, 12345, 12345);
        Machine.SetMode(_folder.Path, 0b111_101_101);
        Machine.SetMode(_folder["store"], 0b101_101_101);

        var (failure, file, beside) = ChangeUnder([], "UserFileAccessDenied", Machine.IsLinuxRoot
            ? ["--as", "12345:12345"]
            : []);

        Machine.SetMode(_folder["store"], 0b111_101_101);
        Assert.Contains("Run as its owner, with the right to write to its folder, or as an administrator.", failure,
            StringComparison.Ordinal);
        Assert.Equal(Hash(Sample.Text(3)), file);
        Assert.Equal("users.yaml", beside);
    }

    [Fact]
    public void A_file_of_another_user_is_an_error_that_says_so()
    {
        if (!Machine.IsLinuxRoot)
        {
            A_folder_without_permission_leaves_the_file_unchanged_and_nothing_next_to_it();
            return;
        }

        File.Copy(_folder.WriteUsers(), _path);
        Machine.SetMode(_folder.Path, 0b111_101_101);
        Machine.SetMode(_folder["store"], 0b111_111_111);
        using var child = Child.StartAs(["--as", "12345:12345", "change", _path, "note"]);

        Assert.StartsWith("failed UserFileAccessDenied: ", child.Expect(), StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3), File.ReadAllText(_path));
    }

    private (string Failure, string Hash, string Beside) ChangeUnder(string[] under, string kind, params string[] role)
    {
        using var child = Child.StartAs([.. role, "change", _path, "note"], under);
        var lines = child.ReadToEnd();
        Assert.True(lines.Length == 5, string.Join('\n', lines));
        Assert.StartsWith($"failed {kind}: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(_path, lines[0], StringComparison.Ordinal);
        return (lines[0], lines[3]["holds ".Length..], lines[4]["beside ".Length..]);
    }

    private static string Hash(string text) =>
        Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
