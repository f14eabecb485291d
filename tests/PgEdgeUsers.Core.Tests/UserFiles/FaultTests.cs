using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Promise 6: whatever fails, there is one clear error, the file is unchanged, and nothing is left next to it.
/// </summary>
public sealed class FaultTests : IDisposable
{
    private const int NotPermitted = 1;
    private const int InputOutput = 5;
    private const int Denied = 13;
    private const int Busy = 16;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int Quota = 122;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SaveStep.Create, Denied, FailureKind.UserFileAccessDenied)]
    [InlineData(SaveStep.Create, ReadOnly, FailureKind.UserFileAccessDenied)]
    [InlineData(SaveStep.Create, NoSpace, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Create, Quota, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Write, NoSpace, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Write, Quota, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Write, InputOutput, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.KeepAccess, NotPermitted, FailureKind.UserFileAccessDenied)]
    [InlineData(SaveStep.Sync, InputOutput, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Sync, NoSpace, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Rename, Denied, FailureKind.UserFileAccessDenied)]
    [InlineData(SaveStep.Rename, Busy, FailureKind.UserFileWriteFailed)]
    [InlineData(SaveStep.Rename, NoSpace, FailureKind.UserFileWriteFailed)]
    public void A_step_that_fails_leaves_the_file_as_it_was(SaveStep step, int error, FailureKind kind)
    {
        var path = _folder.WriteUsers();
        var before = FileStatus.Of(path);

        var failure = FailureOf(path, step, error);

        Assert.Equal(kind, failure.Kind);
        Assert.Contains("The file was not changed. ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
        Assert.Equal(before, FileStatus.Of(path));
        Assert.Equal(["users.yaml"], _folder.Names);
        Assert.Empty(OpenFiles());
    }

    [Theory]
    [InlineData(SaveStep.Create)]
    [InlineData(SaveStep.Write)]
    [InlineData(SaveStep.Sync)]
    [InlineData(SaveStep.Rename)]
    public void A_new_file_that_cannot_be_finished_does_not_exist(SaveStep step)
    {
        FailureOf(_folder.File, step, NoSpace);

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_folder_that_cannot_be_synced_is_reported_as_such()
    {
        var path = _folder.WriteUsers();

        var failure = FailureOf(path, SaveStep.SyncFolder, InputOutput);

        Assert.Equal(FailureKind.UserFileWriteFailed, failure.Kind);
        Assert.Contains("was replaced, but", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("as it was", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void The_next_edit_after_a_failure_succeeds()
    {
        var path = _folder.WriteUsers();
        FailureOf(path, SaveStep.Sync, InputOutput);

        new UserFile(path) { LockTimeout = TimeSpan.Zero }.Update([Changes.Note()]);

        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(path));
    }

    [Theory]
    [InlineData(SaveStep.Create)]
    [InlineData(SaveStep.Rename)]
    public void A_folder_that_vanishes_is_an_error_that_says_so(SaveStep step)
    {
        var path = Path.Combine(_folder.Folder("vanishing"), "users.yaml");
        File.WriteAllText(path, Sample.Text(3));
        var file = new UserFile(path) { Writer = new HookedWriter((at, _) => Vanish(at == step)) };

        var failure = Assert.Throws<PgEdgeUsersException>(() => file.Update([Changes.Note()]));

        Assert.Equal(FailureKind.UserFileNotFound, failure.Kind);
        RequireClear(failure, path);

        void Vanish(bool now)
        {
            if (now)
                Directory.Delete(_folder["vanishing"], recursive: true);
        }
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_it()
    {
        var path = Path.Combine(_folder["none"], "users.yaml");

        Assert.False(new UserFile(path).Read().Exists);
        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(path).Update([Changes.Add()]));

        Assert.Equal(FailureKind.UserFileNotFound, failure.Kind);
        Assert.Contains($"'{_folder["none"]}'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_file_written_in_place_is_restored_if_the_write_fails()
    {
        var path = _folder.WriteUsers();
        var writes = 0;

        var failure = Assert.Throws<IOException>(() =>
            Overwrite(path, (step, _) => Fail(step == SaveStep.Write && ++writes == 2, NoSpace)));

        Assert.Equal(NoSpace, failure.HResult);
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_file_written_in_place_that_cannot_be_restored_has_its_copy_named()
    {
        var path = _folder.WriteUsers();
        var writes = 0;

        var failure = Assert.Throws<StorageException>(() =>
            Overwrite(path, (step, _) => Fail(step == SaveStep.Write && ++writes > 1, InputOutput)));

        var copy = Assert.Single(_folder.Names, name => name != "users.yaml");
        Assert.Contains($"'{_folder[copy]}'", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(Sample.Text(3), File.ReadAllText(_folder[copy]));
        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(_folder[copy])!.Mode);
    }

    [Theory]
    [InlineData(SaveStep.Write)]
    [InlineData(SaveStep.Sync)]
    public void A_copy_that_cannot_be_finished_is_removed(SaveStep step)
    {
        var path = _folder.WriteUsers();

        Assert.Throws<IOException>(() =>
            new HookedWriter((at, _) => Fail(at == step, NoSpace)).WriteCopy(path, [1, 2, 3], null));

        Assert.Equal(["users.yaml"], _folder.Names);
    }

    private static void Overwrite(string path, Action<SaveStep, string> before) =>
        new HookedWriter(before).Overwrite(path, "users: {}\n"u8.ToArray(), File.ReadAllBytes(path), null, () => true);

    private static PgEdgeUsersException FailureOf(string path, SaveStep step, int error)
    {
        var file = new UserFile(path) { Writer = new HookedWriter((at, _) => Fail(at == step, error)) };
        var failure = Assert.Throws<PgEdgeUsersException>(() =>
            file.Update([File.Exists(path) ? Changes.Note() : Changes.Add()]));
        RequireClear(failure, path);
        return failure;
    }

    private static void RequireClear(PgEdgeUsersException failure, string path)
    {
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain("..", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Fails with the exception that .NET throws for a system error.</summary>
    private static void Fail(bool now, int error)
    {
        if (!now)
            return;
        var failure = new IOException("the system says no", error);
        throw error is Denied or NotPermitted ? new UnauthorizedAccessException("Access is denied.", failure) : failure;
    }

    /// <summary>The files of the test that this process has open.</summary>
    private IEnumerable<string> OpenFiles() => OperatingSystem.IsLinux()
        ? Directory.EnumerateFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(f => f.StartsWith(_folder.Path, StringComparison.Ordinal))
        : [];
}
