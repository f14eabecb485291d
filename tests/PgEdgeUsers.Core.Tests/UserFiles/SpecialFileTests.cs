using System.Net.Sockets;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promises 7 and 9: a path that cannot be a user file is refused before it is opened or read.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("named pipe")]
    [InlineData("socket")]
    [InlineData("device")]
    [InlineData("folder")]
    [InlineData("file")]
    public async Task A_path_that_is_not_a_regular_file_is_refused_at_once(string kind)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = _folder.File;
        switch (kind)
        {
            case "folder" or _ when !OperatingSystem.IsLinux():
                kind = "folder";
                Directory.CreateDirectory(path);
                break;
            case "named pipe":
                Native.Pipe(path);
                break;
            case "socket":
                socket.Bind(new UnixDomainSocketEndPoint(path));
                break;
            case "device":
                path = "/dev/null";
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                // A path below a file.
                path = Path.Combine(_folder.WriteUsers(), "users.yaml");
                break;
        }

        foreach (var use in new Action[] { () => new UserFile(path).Read(), () =>
            new UserFile(path).Update([Changes.Add()]) })
        {
            var failure = await Assert.ThrowsAsync<PgEdgeUsersException>(() =>
                Task.Run(use).WaitAsync(Child.HangGuard));
            Assert.Equal(FailureKind.InvalidUserFilePath, failure.Kind);
            if (kind != "file")
                Assert.Contains($"'{path}' is a {kind}, not a file.", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pipe_that_replaces_the_file_at_the_last_moment_blocks_nothing()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = _folder.WriteUsers();
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, _) =>
            {
                if (step != SaveStep.Sync)
                    return;
                File.Delete(path);
                Native.Pipe(path);
            }),
        };

        var failure = await Assert.ThrowsAsync<PgEdgeUsersException>(() =>
            Task.Run(() => file.Update([Changes.Note()])).WaitAsync(Child.HangGuard));

        Assert.Equal(FailureKind.InvalidUserFilePath, failure.Kind);
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_path_with_a_NUL_is_refused() =>
        Assert.Equal(FailureKind.InvalidUserFilePath,
            Assert.Throws<PgEdgeUsersException>(() => new UserFile(_folder.File + "\0x").Read()).Kind);

    [Fact]
    public void A_name_that_is_too_long_for_its_sidecar_files_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.Write(Sample.Text(3), new string('u', 250));

        Assert.Equal(3, new UserFile(path).Read().Users.Count);
        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(path).Update([Changes.Note()]));

        Assert.Equal(FailureKind.InvalidUserFilePath, failure.Kind);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_without_being_read()
    {
        using (var sparse = File.Create(_folder.File))
            sparse.SetLength(UserFile.MaxBytes + 1L);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(_folder.File).Read());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(FailureKind.UserFileInvalid, failure.Kind);
        Assert.Contains("268435457 bytes; at most 268435456 are read", failure.Message, StringComparison.Ordinal);
    }
}
