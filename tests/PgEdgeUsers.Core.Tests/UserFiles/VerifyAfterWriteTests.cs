using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Whatever happens after an edit is on disk does not make the edit fail.</summary>
public sealed class VerifyAfterWriteTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_removed_user_that_the_server_leaves_without_fields_is_removed_again()
    {
        var update = Update(Changes.Remove(2), path => File.WriteAllText(
            path, Sample.Text(1) + $"    {Sample.Name(2)}: null\n" + Sample.Entry(Sample.Name(3), "theirs")));

        Assert.True(update.IsVerified);
        Assert.Equal(Sample.Text(1) + Sample.Entry(Sample.Name(3), "theirs"), File.ReadAllText(_folder.File));
    }

    [Fact]
    public void An_added_user_that_the_server_leaves_without_fields_is_added_again()
    {
        var update = Update(Changes.Add(), path =>
            File.WriteAllText(path, Sample.Text(3, "theirs") + "    zoe: null\n"));

        Assert.True(update.IsVerified);
        Assert.Equal(Sample.Account("zoe"), new UserFile(_folder.File).Read().Find("zoe"));
        Assert.StartsWith(Sample.Text(3, "theirs"), File.ReadAllText(_folder.File), StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_user_that_the_server_writes_back_under_the_old_name_is_renamed_again()
    {
        var old = Sample.Text(3)
            .Replace("last_login: null", "last_login: 2026-01-02T03:04:05Z # theirs", StringComparison.Ordinal);

        var update = Update(new RenameUser(Sample.Name(2), "zoe"), path => File.WriteAllText(path, old));

        Assert.True(update.IsVerified);
        Assert.Equal(old.Replace(Sample.Name(2), "zoe", StringComparison.Ordinal), File.ReadAllText(_folder.File));
    }

    [Fact]
    public void A_renamed_user_that_the_server_leaves_without_fields_is_added_again()
    {
        var update = Update(
            new RenameUser(Sample.Name(3), "zoe"), path => File.WriteAllText(path, Sample.Text(2) + "    zoe: null\n"));

        Assert.True(update.IsVerified);
        Assert.Equal(Sample.Hash, new UserFile(_folder.File).Read().Find("zoe")!.PasswordHash);
    }

    [Fact]
    public void Another_user_without_fields_is_left_alone()
    {
        var text = Sample.Text(1) + $"    {Sample.Name(2)}: null\n    {Sample.Name(3)}: null\n";

        Assert.False(Update(Changes.Remove(2), path => File.WriteAllText(path, text)).IsVerified);
        Assert.Equal(text, File.ReadAllText(_folder.File));
    }

    [Fact]
    public void A_file_that_is_removed_is_not_created_again()
    {
        Assert.False(Update(Changes.Add(), File.Delete).IsVerified);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_text_that_cannot_be_read_is_left_alone()
    {
        Assert.False(Update(Changes.Add(), path => File.WriteAllText(path, "users: [")).IsVerified);
        Assert.Equal("users: [", File.ReadAllText(_folder.File));
    }

    [Fact]
    public void A_folder_in_place_of_the_file_is_only_reported()
    {
        var update = Update(Changes.Add(), path =>
        {
            File.Delete(path);
            Directory.CreateDirectory(path);
        });

        Assert.False(update.IsVerified);
        Assert.True(Directory.Exists(_folder.File));
    }

    [Fact]
    public void An_edit_that_is_made_again_is_verified_as_long_as_the_first_time()
    {
        var times = 0;
        var update = Update(
            Changes.Disable(),
            path =>
            {
                // The second replacement survives the verification after the first.
                if (++times == 2)
                    Thread.Sleep(WriteVerification.Duration);
                File.WriteAllText(path, Sample.Text(3, "theirs"));
            },
            times: 2);

        Assert.True(update.IsVerified);
        Assert.Equal(2, times);
        Assert.False(new UserFile(_folder.File).Read().Find(Sample.Name(2))!.Enabled);
    }

    [Fact]
    public void Cancelling_the_verification_is_only_reported()
    {
        using var stop = new CancellationTokenSource();

        Assert.False(Update(Changes.Note(), _ => stop.Cancel(), cancellation: stop.Token).IsVerified);
        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(_folder.File));
    }

    [Fact]
    public async Task The_change_of_another_administrator_waits_for_the_verification_and_then_stays()
    {
        var path = _folder.WriteUsers();
        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();
        Task<UserFileUpdate>? other = null;
        var file = new UserFile(path) { Writer = AfterTheRename(() =>
            other = Task.Run(() => new UserFile(path) { NoWait = true }.Update([Changes.Enable()]))) };

        Assert.True(file.Update([Changes.Disable()]).IsVerified);

        Assert.True((await other!).Results.Single().IsChanged);
        Assert.True(new UserFile(path).Read().Find(Sample.Name(2))!.Enabled);
    }

    [Fact]
    public void A_repair_is_made_again_if_the_server_overwrites_it()
    {
        var old = Sample.Text(3).Replace($"username: {Sample.Name(2)}", "username: another", StringComparison.Ordinal);
        var path = _folder.WriteUsers();
        File.WriteAllText(path, old);
        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();

        var repaired = UserFileRepair.Repair(
            new UserFileLocation(path, "a test"),
            new UserFile(path) { Writer = AfterTheRename(() =>
                File.WriteAllText(path, old.Replace("users:", "users: # theirs", StringComparison.Ordinal))) },
            CancellationToken.None);

        Assert.True(repaired.IsVerified);
        Assert.Equal([FindingKind.KeyDiffersFromUsername], repaired.Findings.Select(f => f.Kind));
        Assert.Equal(Sample.Text(3)
            .Replace("users:", "users: # theirs", StringComparison.Ordinal), File.ReadAllText(path));
    }

    /// <summary>Makes a change in a watched folder, and does something right after the first renames.</summary>
    private UserFileUpdate Update(
        UserChange change, Action<string> happens, int times = 1, CancellationToken cancellation = default)
    {
        var path = _folder.WriteUsers();
        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();

        var update = new UserFile(path) { Writer = AfterTheRename(() => happens(path), times) }.Update(
            [change], cancellation: cancellation);

        Assert.Null(Assert.Single(update.Results).Failure);
        Assert.Equal(["users.yaml"], _folder.Names.DefaultIfEmpty("users.yaml"));
        return update;
    }

    private static HookedWriter AfterTheRename(Action happens, int times = 1)
    {
        var renames = 0;
        return new HookedWriter((step, _) =>
        {
            if (step == SaveStep.Rename)
                renames++;
            else if (step == SaveStep.SyncFolder && renames > 0 && renames <= times)
                happens();
        });
    }
}
