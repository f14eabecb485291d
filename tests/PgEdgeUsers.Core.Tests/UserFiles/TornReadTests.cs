using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using PgEdgeUsers.Stress.Roles;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 5: never read a partial file.</summary>
public sealed class TornReadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>A file that ends in the middle of its last user.</summary>
    private static string Torn =>
        Sample.Text(3)[..Sample.Text(3).LastIndexOf("        enabled", StringComparison.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(RewriteShape.AtOnce), 500, 100)]
    [InlineData(nameof(RewriteShape.UserByUser), 1, 3)]
    [InlineData(nameof(RewriteShape.Anywhere), 1, 2)]
    [InlineData(nameof(RewriteShape.EmptyForAWhile), 1, 3)]
    public void A_file_that_is_rewritten_in_place_is_never_read_in_part(string shape, int reads, int users)
    {
        var report = TornReadRun.Run(_folder.Path, reads, Enum.Parse<RewriteShape>(shape), users, rewrites: 4);

        Assert.True(report.IsGood, report.Figures);
    }

    [Fact]
    public void A_file_at_rest_is_read_whatever_its_time_is()
    {
        var path = _folder.WriteUsers();
        foreach (var time in new[] { DateTime.UtcNow, DateTime.UtcNow.AddDays(1), DateTime.UnixEpoch })
        {
            File.SetLastWriteTimeUtc(path, time);
            Assert.Equal(3, new UserFile(path).Read().Users.Count);
        }
    }

    [Fact]
    public void An_empty_file_is_trusted_once_it_stays_empty()
    {
        var path = _folder.Write("");
        Assert.Empty(new UserFile(path).Read().Users);

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        var state = new UserFile(path).Read();
        Assert.True(state.Exists);
        Assert.Empty(state.Users);
        Assert.True(DateTime.UtcNow - File.GetLastWriteTimeUtc(path) >= StableReader.RewriteTime);
    }

    [Fact]
    public void A_time_in_the_future_does_not_make_a_partial_file_trusted_at_once()
    {
        // Other systems do not report reads.
        if (!OperatingSystem.IsLinux())
            return;
        var path = _folder.Write("users:\n");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(1));
        var readings = 0;
        using var watcher = new FileSystemWatcher(_folder.Path) { NotifyFilter = NotifyFilters.LastAccess };
        watcher.Changed += (_, _) =>
        {
            // At the second read, the first one has ended.
            if (++readings == 2)
                File.WriteAllText(path, Sample.Text(3));
        };
        watcher.EnableRaisingEvents = true;

        Assert.Equal(3, new UserFile(path).Read().Users.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("users:\n")]
    [InlineData("torn")]
    public void An_unsynchronized_read_of_a_partial_text_returns_nothing(string text)
    {
        var path = _folder.Write(text == "torn" ? Torn : text);

        Assert.Null(UnsynchronizedRead.Of(path));
    }

    [Fact]
    public void A_second_unsynchronized_read_of_the_same_text_has_the_current_mode()
    {
        var path = _folder.WriteUsers(4);
        var first = UnsynchronizedRead.Of(path)!;
        Machine.SetMode(path, 0b110_100_100);

        var second = UnsynchronizedRead.Of(path)!;

        Assert.Equal((false, !OperatingSystem.IsWindows()), (first.HasPermissiveMode, second.HasPermissiveMode));
    }

    [Fact]
    public void A_truncated_text_is_refused_and_left_unchanged()
    {
        var path = _folder.Write(Torn);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow);

        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(path).Update([Changes.Note()]));

        Assert.Equal(FailureKind.UserFileInvalid, failure.Kind);
        Assert.Contains("appears to be truncated", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Torn, File.ReadAllText(path));
    }

    [Fact]
    public async Task A_file_that_a_stopped_writer_has_open_is_neither_read_nor_replaced()
    {
        var path = _folder.WriteUsers();
        var whole = await File.ReadAllBytesAsync(path);
        using var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        writer.SetLength(Sample.Text(2).Length);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        using var handle = FileContent.Open(path)!;
        if (FileSystem.Current.HasWriter(handle, path) is null)
        {
            // The system does not report writers, so the reader waits only for a file that was written recently.
            Assert.Equal(2, new UserFile(path).Read().Users.Count);
            return;
        }

        Assert.True(FileSystem.Current.HasWriter(handle, path));
        var edit = Task.Run(() => new UserFile(path).Update([Changes.Note()]));
        var failure = await Assert.ThrowsAsync<PgEdgeUsersException>(() => edit.WaitAsync(Child.HangGuard));

        Assert.Equal(FailureKind.UserFileLocked, failure.Kind);
        Assert.Equal(whole[..Sample.Text(2).Length], await File.ReadAllBytesAsync(path));
        writer.Write(whole);
        writer.Dispose();
        Assert.False(FileSystem.Current.HasWriter(handle, path));
        Assert.Equal(3, new UserFile(path).Read().Users.Count);
    }
}
