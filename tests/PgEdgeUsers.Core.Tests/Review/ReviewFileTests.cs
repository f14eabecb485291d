using PgEdgeUsers.Core.Review;
using PgEdgeUsers.Core.Tests.Storage;

namespace PgEdgeUsers.Core.Tests.Review;

public sealed class ReviewFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Creates_a_file_with_mode_0600()
    {
        ReviewFile.Create(_folder.File, stream => stream.Write("page"u8));

        Assert.Equal("page", File.ReadAllText(_folder.File));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File));
    }

    [Fact]
    public void Leaves_no_file_if_writing_fails()
    {
        var failure = Assert.Throws<PgEdgeUsersException>(
            () => ReviewFile.Create(_folder.File, _ => throw new IOException("No space left on device")));

        Assert.Equal(FailureKind.ReviewFailed, failure.Kind);
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File));
    }

    [Fact]
    public void Never_replaces_a_file()
    {
        File.WriteAllText(_folder.File, "kept");

        var failure = Assert.Throws<PgEdgeUsersException>(() => ReviewFile.Create(_folder.File, _ => { }));

        Assert.Equal(FailureKind.ReviewFailed, failure.Kind);
        Assert.Contains("already exists", failure.Message, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(_folder.File));
    }
}
