using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>A sidecar file in someone else's folder is used only if it cannot have been planted.</summary>
public sealed class SidecarFileTests : IDisposable
{
    private static readonly FileOwner Owner = new(12345, 23456);

    private readonly TestFolder _folder = new();
    private readonly string _path;

    public SidecarFileTests() => _path = _folder["users.yaml.lock"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("symbolic link", "is a symbolic link")]
    [InlineData("dangling link", "is a symbolic link")]
    [InlineData("hard link", "has 2 hard links")]
    [InlineData("named pipe", "is a named pipe")]
    [InlineData("folder", "is a folder")]
    [InlineData("group may read", "has mode 0640")]
    [InlineData("all may write", "has mode 0666")]
    [InlineData("all may run", "has mode 0711")]
    [InlineData("set-user-id", "has mode 4600")]
    public void A_file_that_could_have_been_planted_is_refused_and_left_unchanged(string kind, string reason)
    {
        if (OperatingSystem.IsWindows())
            return;
        Plant(kind);
        var victim = FileStatus.Of(_folder["victim"]);

        foreach (var access in Enum.GetValues<SidecarAccess>())
        {
            var failure = Assert.Throws<StorageException>(() => SidecarFile.Open(_path, access, owner: null));
            Assert.Equal(StorageFailure.Untrusted, failure.Failure);
            Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
            Assert.Contains("remove it", failure.Remedy, StringComparison.Ordinal);
        }

        Assert.Equal(victim, FileStatus.Of(_folder["victim"]));
        Assert.Equal("precious", File.ReadAllText(_folder["victim"]));
    }

    [RootTheory]
    [InlineData(0, null, true)]
    [InlineData(54321, null, false)]
    [InlineData(54321, 12345, false)]
    [InlineData(12345, 12345, true)]
    public void Only_root_the_effective_user_and_the_main_files_owner_are_trusted(int user, int? owner, bool isTrusted)
    {
        File.WriteAllText(_path, "");
        Machine.SetMode(_path, 0x180);
        Machine.GiveAway(_path, (uint)user, 23456);

        if (isTrusted)
        {
            Open(owner)!.Dispose();
            return;
        }

        var failure = Assert.Throws<StorageException>(() => Open(owner));
        Assert.Contains($"belongs to {user}", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_a_missing_sidecar_file_creates_nothing()
    {
        Assert.Null(Open(null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [RootFact]
    public void A_sidecar_file_that_root_creates_belongs_to_the_main_files_owner()
    {
        using var created = SidecarFile.TryCreate(_path, Owner)!;

        var status = FileStatus.Of(created, _path);
        Assert.Equal((Owner, FileStatus.OwnerOnly), (status.Owner, status.Mode));
        Assert.Null(SidecarFile.TryCreate(_path, Owner));
    }

    [Theory]
    [InlineData("dangling link")]
    [InlineData("symbolic link")]
    [InlineData("hard link")]
    public void Creating_never_writes_through_an_existing_file_or_link(string kind)
    {
        if (OperatingSystem.IsWindows())
            return;
        Plant(kind);

        Assert.Null(SidecarFile.TryCreate(_path, owner: null));

        Assert.Equal("precious", File.ReadAllText(_folder["victim"]));
        Assert.False(File.Exists(_folder["nothing"]));
    }

    [Fact]
    public void A_hard_link_that_is_removed_after_opening_is_noticed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Plant("hard link");
        using var opened = FileSystem.Current.OpenExisting(_path, SidecarAccess.ReadWrite);
        File.Delete(_path);

        // According to the open handle, the file has one name.
        Assert.Equal(1U, FileStatus.Of(opened, _path).Links);
        Assert.False(SidecarFile.IsAt(opened, _path));
        Native.Link(_folder["victim"], _path);
        Assert.False(SidecarFile.IsAt(opened, _path));
    }

    [RootFact]
    public void Links_that_are_planted_while_root_edits_lead_to_no_other_file()
    {
        var report = PlantingRun.Run(_folder.Path, attempts: 10);

        Assert.True(report.IsGood, report.Figures);
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle? Open(int? owner) =>
        SidecarFile.Open(_path, SidecarAccess.ReadWrite, owner is { } user ? new FileOwner((uint)user, 0) : null);

    private void Plant(string kind)
    {
        File.WriteAllText(_folder["victim"], "precious");
        Machine.SetMode(_folder["victim"], 0x180);
        switch (kind)
        {
            case "symbolic link":
                File.CreateSymbolicLink(_path, _folder["victim"]);
                break;
            case "dangling link":
                File.CreateSymbolicLink(_path, _folder["nothing"]);
                break;
            case "hard link":
                Native.Link(_folder["victim"], _path);
                break;
            case "named pipe":
                Native.Pipe(_path);
                break;
            case "folder":
                Directory.CreateDirectory(_path);
                break;
            default:
                File.WriteAllText(_path, "");
                Machine.SetMode(_path, kind switch
                {
                    "group may read" => 0x1A0,
                    "all may write" => 0x1B6,
                    "all may run" => 0x1C9,
                    _ => 0x980,
                });
                break;
        }
    }
}
