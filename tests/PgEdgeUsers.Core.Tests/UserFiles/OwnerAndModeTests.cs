using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 7: the owner of the file, and who else has access to it.</summary>
public sealed class OwnerAndModeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Owner_and_group_stay_at_every_kind_of_change()
    {
        var path = _folder.WriteUsers();
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(path, 12345, 23456);
        var before = FileStatus.Of(path)!;

        foreach (var change in Changes.OfEachKind)
        {
            var update = new UserFile(path).Update([change]);

            Assert.Null(update.Results[0].Failure);
            foreach (var facts in new[] { FileStatus.Of(path)!, FileStatus.Of(path + ".lock")! })
                Assert.Equal((before.User, before.Group, FileStatus.OwnerOnly), (facts.User, facts.Group, facts.Mode));
        }
    }

    [Fact]
    public void An_edit_that_cannot_keep_the_group_is_refused()
    {
        if (!Machine.IsLinuxRoot)
        {
            Owner_and_group_stay_at_every_kind_of_change();
            return;
        }

        var path = _folder.WriteUsers();
        Machine.GiveAway(path, 12345, 23456);
        Machine.GiveAway(_folder.Path, 12345, 12345);
        using var child = Child.StartAs(["--as", "12345:12345", "change", path, "note"]);

        Assert.StartsWith("failed UserFileAccessDenied: ", child.Expect(), StringComparison.Ordinal);
        Assert.EndsWith("beside users.yaml", child.ReadToEnd()[^1], StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [Theory]
    [InlineData("rw-r--r--", true)]
    [InlineData("rw-rw-rw-", true)]
    [InlineData("rw-r-----", true)]
    [InlineData("rwx------", false)]
    [InlineData("r--------", false)]
    public void A_permissive_mode_is_noticed_on_reading_and_becomes_0600_on_writing(string mode, bool isWide)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.WriteUsers();
        File.SetUnixFileMode(path, Mode(mode));

        Assert.Equal(isWide, new UserFile(path).Read().HasPermissiveMode);
        Assert.Equal(Mode(mode), File.GetUnixFileMode(path));

        new UserFile(path).Update([Changes.Note()]);
        Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(path));
        Assert.False(new UserFile(path).Read().HasPermissiveMode);
    }

    [Fact]
    public void A_new_file_has_mode_0600_whatever_the_umask()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var child = Child.StartAs(["add", _folder.File, "a", "1"], ["sh", "-c", "umask 0; exec \"$0\" \"$@\""]);

        Assert.Equal(["a001"], child.ReadToEnd());

        Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_folder.File));
        Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_folder.File + ".lock"));
    }

    private static UnixFileMode Mode(string letters) =>
        (UnixFileMode)letters.Aggregate(0, (mode, letter) => (mode << 1) | (letter == '-' ? 0 : 1));
}
