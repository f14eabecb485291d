using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>Promise 3: two administrators at once.</summary>
public sealed class FileLockTests : IDisposable
{
    private static readonly (string, string) NoLocksOfDotNet = ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Additions_by_many_processes_are_all_there()
    {
        var report = WriterRun.Run(_folder.Path, processes: 8, each: 12);

        Assert.True(report.IsGood, report.Figures);
    }

    [Fact]
    public async Task Two_sessions_of_one_process_exclude_each_other()
    {
        var first = Acquire();

        Assert.Equal(StorageFailure.Locked, Assert.Throws<StorageException>(() => Acquire()).Failure);
        var waiting = Task.Run(() => Acquire(Child.HangGuard));
        first.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public void A_held_lock_is_an_error_that_names_its_holder_and_leaves_the_file_unchanged()
    {
        var path = _folder.WriteUsers();
        using var holder = Child.Start("hold", path);
        holder.Expect();

        var failure = Assert.Throws<PgEdgeUsersException>(() =>
            new UserFile(path) { LockTimeout = TimeSpan.FromMilliseconds(50) }.Update([Changes.Note()]));

        Assert.Equal(FailureKind.UserFileLocked, failure.Kind);
        Assert.Contains($"(process {holder.Id}) of {Environment.UserName}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [Fact]
    public void A_long_wait_for_the_lock_is_reported_once_with_its_holder()
    {
        var path = _folder.WriteUsers();
        var held = Acquire();
        var holders = new List<string>();

        using var next = FileLock.Acquire(path, Child.HangGuard, CancellationToken.None, onWait: holder =>
        {
            holders.Add(holder);
            held.Dispose();
        });

        Assert.Contains($"(process {Environment.ProcessId})", Assert.Single(holders), StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_need_no_lock()
    {
        var path = _folder.WriteUsers();
        using var held = Acquire();

        Assert.Equal(3, new UserFile(path).Read().Users.Count);
    }

    [Fact]
    public void A_killed_holder_delays_nobody()
    {
        using var holder = Child.Start("hold", _folder.File);
        holder.Expect();

        holder.Kill();

        Acquire(TimeSpan.Zero).Dispose();
    }

    [Fact]
    public void The_lock_works_while_the_file_locking_of_dotnet_is_turned_off()
    {
        using (var holder = Child.StartAs(["hold", _folder.File], environment: NoLocksOfDotNet))
        {
            holder.Expect();
            Assert.Throws<StorageException>(() => Acquire());
        }

        using var held = Acquire();
        using var other = Child.StartAs(["try", _folder.File, "0"], environment: NoLocksOfDotNet);
        Assert.StartsWith(
            "Locked: it is being changed by ", Assert.Single(other.ReadToEnd()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_lock_can_be_cancelled()
    {
        var path = _folder.WriteUsers();
        using var held = Acquire();
        using var stop = new CancellationTokenSource();

        var waiting = Task.Run(() =>
            new UserFile(path) { LockTimeout = Child.HangGuard }.Update([Changes.Note()], cancellation: stop.Token));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [Fact]
    public void Only_the_owner_has_access_to_the_lock_file_and_a_free_one_names_nobody()
    {
        AcquireAndKeep();

        Assert.Equal("", File.ReadAllText(_folder["users.yaml.lock"]).Trim());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(_folder["users.yaml.lock"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_child_process_does_not_inherit_the_lock_file(bool isThereBefore)
    {
        if (!OperatingSystem.IsLinux())
            return;
        const int CloseOnExec = 0x80000;
        var path = _folder["users.yaml.lock"];
        if (isThereBefore)
            AcquireAndKeep();
        Assert.Equal(isThereBefore, File.Exists(path));
        using var held = Acquire();

        var descriptor = Assert.Single(Directory.EnumerateFiles("/proc/self/fd"), fd =>
            new FileInfo(fd).LinkTarget == path);
        var flags = File.ReadLines($"/proc/self/fdinfo/{Path.GetFileName(descriptor)}")
            .Single(line => line.StartsWith("flags:", StringComparison.Ordinal));

        Assert.Equal(CloseOnExec, Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_file_under_the_locks_name_is_not_written_to(bool isSymbolic)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var path = _folder.WriteUsers();
        File.WriteAllText(_folder["precious"], "precious");
        if (isSymbolic)
            File.CreateSymbolicLink(path + ".lock", _folder["precious"]);
        else
            Native.Link(_folder["precious"], path + ".lock");

        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(path).Update([Changes.Note()]));

        Assert.Contains(path + ".lock", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["precious"]));
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [Fact]
    public void A_created_lock_file_is_removed_unless_the_change_was_made()
    {
        Acquire().Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));

        AcquireAndKeep();
        Acquire().Dispose();
        Assert.Equal(["users.yaml.lock"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_lock_file_that_was_removed_locks_nothing()
    {
        var holder = Acquire();
        var waiting = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Acquire(Child.HangGuard))).ToList();
        holder.Dispose();

        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            // Each holds it alone, although each takes its file away.
            Assert.Equal(StorageFailure.Locked, Assert.Throws<StorageException>(() => Acquire()).Failure);
            (await next).Dispose();
        }
    }

    [RootFact]
    public void Roots_own_lock_file_next_to_the_file_of_another_account_exists_only_while_it_is_held()
    {
        AcquireAndKeep();
        var owner = new FileOwner(12345, 23456);

        using (var held = FileLock.Acquire(_folder.File, TimeSpan.Zero, CancellationToken.None, owner))
            held.Keep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));

        using (var held = FileLock.Acquire(_folder.File, TimeSpan.Zero, CancellationToken.None, owner))
            held.Keep();
        Assert.Equal(owner, FileStatus.Of(_folder["users.yaml.lock"])!.Owner);
    }

    [RootFact]
    public void An_account_that_cannot_replace_the_file_creates_no_lock_file()
    {
        var path = _folder.WriteUsers();
        Machine.GiveAway(path, 12345, 23456);
        Machine.SetMode(path, 0x1A4);
        Machine.SetMode(_folder.Path, 0x1FF);
        using var child = Child.StartAs(["--as", "54321:23456", "change", path, "note"]);

        Assert.Contains(
            "it belongs to 12345, and only that account or an administrator", child.Expect(), StringComparison.Ordinal);

        Assert.Equal("beside users.yaml", child.ReadToEnd()[^1]);
    }

    [Fact]
    public void The_lock_file_is_never_truncated()
    {
        var text = new string('x', 5000);
        File.WriteAllText(_folder["users.yaml.lock"], text);
        Machine.SetMode(_folder["users.yaml.lock"], 0x180);

        AcquireAndKeep();

        Assert.Equal(text[256..], File.ReadAllText(_folder["users.yaml.lock"])[256..]);
    }

    private void AcquireAndKeep()
    {
        using var held = Acquire();
        held.Keep();
    }

    private FileLock Acquire(TimeSpan timeout = default) =>
        FileLock.Acquire(_folder.File, timeout, CancellationToken.None);
}
